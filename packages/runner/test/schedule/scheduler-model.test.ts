import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { JobsweepError, silentLogger } from '@jobsweep/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DatabaseClock } from '../../src/connection/database-clock.js';
import { Readiness } from '../../src/connection/readiness.js';
import { InHand } from '../../src/lifecycle/in-hand.js';
import { Interval } from '../../src/schedule/interval.js';
import { Scheduler } from '../../src/schedule/scheduler.js';
import { runnerSettings } from '../../src/settings.js';
import type { RunnerTiming } from '../../src/timing.js';
import type { TurnEnd, TurnRequest, Turns } from '../../src/turn/turns.js';
import { aStrategy, type FakeSession } from '../support/fakes.js';
import { Sleepers } from '../support/sleepers.js';

/** How one turn goes: how long it takes, which is never nothing, and how it ends. */
interface TurnModel {
  readonly lengthMs: number;
  readonly end: 'done' | 'failed' | 'claimed' | 'notDue' | 'lost' | 'unavailable';
}

/** A run of the scheduler: who takes part, and what happens to them. */
interface Model {
  readonly concurrency: number;
  readonly jitter: number;
  readonly intervals: readonly number[];
  /** By strategy, which of those before it it depends on. */
  readonly dependencies: readonly (readonly boolean[])[];
  readonly chances: readonly number[];
  /** How far the clock goes on between one look at it and the next. */
  readonly jumps: readonly number[];
  readonly turns: readonly TurnModel[];
  /** Whether somebody beside the scheduler loses the database before an event. */
  readonly losses: readonly boolean[];
}

const EVENTS = 60;

const models: fc.Arbitrary<Model> = fc.record({
  concurrency: fc.integer({ min: 1, max: 3 }),
  jitter: fc.constantFrom(0, 0.1, 1),
  intervals: fc.array(fc.constantFrom(1, 2, 5, 60, 3600), { minLength: 1, maxLength: 5 }),
  dependencies: fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), { minLength: 5, maxLength: 5 }),
  chances: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 20 }),
  jumps: fc.array(fc.constantFrom(0, 0, 0, 0.25, 1, 40, 2000), { minLength: 1, maxLength: 40 }),
  turns: fc.array(
    fc.record({
      lengthMs: fc.constantFrom(1, 300, 1000, 90_000),
      end: fc.constantFrom('done', 'done', 'done', 'failed', 'claimed', 'notDue', 'lost', 'unavailable'),
    }),
    { minLength: 1, maxLength: 30 },
  ),
  losses: fc.array(
    fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
    { minLength: 1, maxLength: EVENTS },
  ),
});

/** Gives the values of a list again and again. */
function again<Value>(values: readonly Value[]): () => Value {
  let index = 0;
  return () => values[index++ % values.length] as Value;
}

/** A clock that goes on by itself at each look, and sleepers that only a test wakes. */
class JumpingTime implements RunnerTiming {
  ms = 0;
  /** How far it went on since the last event. */
  jumpedMs = 0;
  isLookedAtByTest = false;
  /** The scheduler's own sleep, and those of turns and of whoever asks for the database. */
  readonly sleepers = new Sleepers(this);

  constructor(
    private readonly jump: () => number,
    readonly random: () => number,
  ) {}

  readonly nowMs = () => {
    if (!this.isLookedAtByTest) {
      const ms = this.jump();
      this.ms += ms;
      this.jumpedMs += ms;
    }
    return this.ms;
  };
  readonly now = () => new Date(this.ms);
  readonly sleep = this.sleepers.sleep;
}

const LOST = new JobsweepError('CONNECTION_LOST', 'Gone.');
const UNAVAILABLE = new JobsweepError('SERVER_UNAVAILABLE', 'Full.');

/** Runs a scheduler through a model. Throws when somebody is due, able to begin, and nothing will wake the scheduler for it. */
async function runThrough(model: Model): Promise<void> {
  const time = new JumpingTime(again(model.jumps), again(model.chances));
  const settings = runnerSettings({ concurrency: model.concurrency, jitter: model.jitter, timing: time });
  const names = model.intervals.map((_, index) => `s${index}`);
  const dependsOn = (index: number) => names.slice(0, index).filter((_, other) => model.dependencies[index]?.[other]);
  const plan = model.intervals.map((seconds, index) => ({
    strategy: aStrategy(`s${index}`, { dependsOn: dependsOn(index) }),
    timetable: new Interval(seconds),
  }));
  const nextTurn = again(model.turns);
  const running = new Set<string>();
  /** Those whose turn was lost and is still to be taken: others wait for them. */
  const lost = new Set<string>();
  const readiness = new Readiness(silentLogger, time);
  readiness.answered();

  const take = async ({ name }: { readonly name: string }, request: TurnRequest): Promise<TurnEnd> => {
    const { lengthMs, end } = nextTurn();
    running.add(name);
    await time.sleep(lengthMs, request.stopSignal);
    running.delete(name);
    const lostTo = end === 'lost' ? LOST : end === 'unavailable' ? UNAVAILABLE : undefined;
    if (lostTo === undefined) lost.delete(name);
    else lost.add(name);
    if (lostTo !== undefined) readiness.lost(lostTo);
    const status = end === 'lost' || end === 'unavailable' ? 'failed' : end;
    return { report: { name, description: '', status }, lostTo, againInSeconds: 0.5 };
  };
  let isAsking = false;
  const reconnect = async (signal: AbortSignal) => {
    isAsking = true;
    await time.sleep(500, signal);
    readiness.answered();
    isAsking = false;
    return new Set<string>();
  };
  const skip = ({ name }: { readonly name: string }): TurnEnd => {
    lost.delete(name);
    return { report: { name, description: '', status: 'blocked' }, lostTo: undefined, againInSeconds: undefined };
  };
  const hand = new InHand();
  const turns = { take, skip } as unknown as Turns<FakeSession>;
  const scheduler = new Scheduler(
    { turns, connection: { clock: new DatabaseClock(time), readiness }, settings, plan, reconnect, tell: () => {} },
    hand,
  );
  const run = scheduler.run();
  const isSomeoneBesideLost = again(model.losses);

  try {
    for (let event = 0; event < EVENTS; event++) {
      await settle();
      time.isLookedAtByTest = true;
      expectNobodyForgotten(time.jumpedMs);
      if (isSomeoneBesideLost()) readiness.lost(LOST);
      time.isLookedAtByTest = false;
      await settle();
      expect(readiness.mustAsk, 'it has to be asked, and nobody asks').toBe(isAsking);
      const next = time.sleepers.first();
      if (next === undefined) throw new Error('Nobody sleeps, and nothing happens');
      time.ms = Math.max(time.ms, next.untilMs);
      time.jumpedMs = 0;
      next.wake();
    }
  } finally {
    await Promise.all([hand.end(0, time), run]);
  }

  function expectNobodyForgotten(jumpedMs: number): void {
    if (readiness.mustAsk || running.size >= model.concurrency) return;
    const dueInMs = (name: string) => scheduler.dueInMs(name) ?? Number.POSITIVE_INFINITY;
    const isWaitedFor = (name: string) => running.has(name) || lost.has(name) || dueInMs(name) <= 0;
    const wakesInMs = (time.sleepers.first()?.untilMs ?? Number.POSITIVE_INFINITY) - time.ms;
    for (const [index, name] of names.entries()) {
      if (running.has(name) || dependsOn(index).some(isWaitedFor)) continue;
      // It may fall due between the look and the sleep, and is late by what the clock went on meanwhile, at most.
      const latestMs = Math.max(0, dueInMs(name)) + jumpedMs;
      if (wakesInMs > latestMs + 0.001) throw new Error(`${name} is due, and all sleep for ${wakesInMs} ms`);
    }
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await turnOfTheLoop();
}

test('nobody is ever due, able to begin, and asleep: whatever the clock does, and however turns go', async () => {
  await fc.assert(fc.asyncProperty(models, runThrough), { numRuns: 150 });
}, 60_000);
