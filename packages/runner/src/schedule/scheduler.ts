import type { CleanupStrategy } from '@jobsweep/core';
import { backoffMs } from '../connection/backoff.js';
import type { Connection } from '../connection/connection.js';
import type { InHand } from '../lifecycle/in-hand.js';
import type { RunnerSettings } from '../settings.js';
import type { TurnEnd, Turns } from '../turn/turns.js';
import { Agenda, type Item } from './agenda.js';
import type { Timetable } from './timetable.js';

/** What a scheduler is made of. */
export interface SchedulerParts<Session> {
  readonly turns: Turns<Session>;
  readonly connection: Pick<Connection<Session>, 'clock' | 'readiness'>;
  readonly settings: RunnerSettings;
  /** Those that take part, in the order of their turns. */
  readonly plan: readonly { readonly strategy: CleanupStrategy<Session>; readonly timetable: Timetable }[];
  /** Asks the database until it answers and can work, or the signal fires. Resolves with the strategies whose last turn is open. */
  readonly reconnect: (signal: AbortSignal) => Promise<ReadonlySet<string>>;
  /** Tells about a turn that ended. */
  readonly tell: (end: TurnEnd) => void;
}

/** A turn that another runner has is asked for again no sooner than this. */
const MIN_AGAIN_MS = 1000;
/** A turn that somebody left open is asked for within this time, however long the way to the next one is. */
const MAX_OPEN_MS = 60_000;
const MAX_SLEEP_MS = 3_600_000;

/** Gives every strategy its turns, as they are due and as there is room, until it is stopped. */
export class Scheduler<Session> {
  private readonly agenda: Agenda<Session>;
  private readonly inFlight = new Set<Promise<void>>();
  private nap = new AbortController();

  constructor(
    private readonly parts: SchedulerParts<Session>,
    private readonly hand: InHand,
  ) {
    const { plan, settings } = parts;
    const { clock } = parts.connection;
    const nowMs = settings.timing.nowMs();
    const item = ({ strategy, timetable }: SchedulerParts<Session>['plan'][number]): Item<Session> => ({
      strategy,
      timetable,
      dueMs: nowMs + timetable.firstInMs(clock.now(), settings.timing.random()),
      isRunning: false,
      losses: 0,
      notBeforeMs: 0,
      satisfied: new Set(),
      blockedBy: undefined,
    });
    this.agenda = new Agenda(plan.map(item));
  }

  /** When a strategy's next turn is asked for, in milliseconds from now; below 0: it is late; `null`: not planned, or under way. */
  dueInMs(name: string): number | null {
    const item = this.agenda.items.find(({ strategy }) => strategy.name === name);
    if (item === undefined || item.isRunning || item.dueMs === Number.POSITIVE_INFINITY) return null;
    return Math.max(item.dueMs, item.notBeforeMs) - this.parts.settings.timing.nowMs();
  }

  /** Asks soon for turns that are open: were it their last runner that is gone, nobody would go on with them. */
  hurry(open: ReadonlySet<string>): void {
    const { timing } = this.parts.settings;
    for (const item of this.agenda.items) {
      if (item.isRunning || !open.has(item.strategy.name)) continue;
      item.dueMs = Math.min(item.dueMs, timing.nowMs() + timing.random() * MAX_OPEN_MS);
    }
  }

  /** Resolves when it was stopped and nothing that it began runs any more. */
  async run(): Promise<void> {
    const { stopSignal } = this.hand;
    const { connection, settings } = this.parts;
    const { readiness } = connection;
    const wake = () => this.nap.abort();
    stopSignal.addEventListener('abort', wake);
    const endWaking = readiness.onLost(wake);
    try {
      while (!stopSignal.aborted) {
        // Before anything is looked at: what happens from here on ends the sleep.
        this.nap = new AbortController();
        if (readiness.mustAsk) {
          this.hurry(await this.parts.reconnect(stopSignal));
          continue;
        }
        // One look at the clock for both: what falls due after it is what the sleep ends for.
        const nowMs = settings.timing.nowMs();
        this.beginWhatIsDue(nowMs);
        // A turn that ends wakes it: there may be room now, or the database is gone.
        await this.sleep(nowMs);
      }
    } finally {
      stopSignal.removeEventListener('abort', wake);
      endWaking();
      await Promise.all(this.inFlight);
    }
  }

  private beginWhatIsDue(nowMs: number): void {
    const { settings } = this.parts;
    for (let item = this.agenda.next(nowMs); item !== undefined; item = this.agenda.next(nowMs)) {
      if (item.blockedBy !== undefined) {
        this.block(item, item.blockedBy, nowMs);
        continue;
      }
      if (this.agenda.runningCount() >= settings.concurrency) return;
      this.agenda.begin(item);
      const flight = this.takeTurn(item).finally(() => {
        this.inFlight.delete(flight);
        this.nap.abort();
      });
      this.inFlight.add(flight);
    }
  }

  private block(item: Item<Session>, culprit: { readonly name: string; readonly status: string }, nowMs: number): void {
    const reason = `${culprit.name}, which it depends on, ${culprit.status} in this round`;
    const end = this.parts.turns.skip(item.strategy, { status: 'blocked', reason });
    this.parts.connection.readiness.worked(item.strategy.name);
    this.parts.tell(end);
    this.agenda.settle(item, 'blocked', this.dueAfter(item, nowMs, nowMs, end), nowMs);
  }

  private async takeTurn(item: Item<Session>): Promise<void> {
    const { turns, connection, settings, tell } = this.parts;
    const { clock, readiness } = connection;
    const startedMs = settings.timing.nowMs();
    const end = await turns.take(item.strategy, {
      notWithinSeconds: item.timetable.notWithinSeconds(clock.now()),
      overrideBreaker: false,
      signals: [this.hand.signal],
      stopSignal: this.hand.stopSignal,
    });
    const nowMs = settings.timing.nowMs();
    if (end.lostTo !== undefined) {
      readiness.waitFor(item.strategy.name, end.lostTo);
      // A pass that breaks its connection each time must not do so again as soon as the database is back.
      const pauseMs = item.losses === 0 ? 0 : backoffMs(item.losses, settings.timing);
      this.agenda.lose(item, nowMs, nowMs + pauseMs);
      return;
    }
    if (end.report.status !== 'aborted') readiness.worked(item.strategy.name);
    tell(end);
    this.agenda.settle(item, end.report.status, this.dueAfter(item, startedMs, nowMs, end), nowMs);
  }

  private dueAfter(
    { timetable }: Item<Session>,
    startedMs: number,
    nowMs: number,
    { report, againInSeconds = 0 }: TurnEnd,
  ): number {
    const { connection, settings } = this.parts;
    const { clock } = connection;
    const jitterMs = settings.timing.random() * settings.jitter * timetable.spreadMs;
    if (report.status === 'claimed') {
      return nowMs + Math.max(MIN_AGAIN_MS, againInSeconds * 1000) + Math.min(jitterMs, MIN_AGAIN_MS);
    }
    if (report.status === 'notDue') return nowMs + timetable.againInMs(clock.now(), againInSeconds * 1000) + jitterMs;
    const nextInMs = timetable.nextInMs(clock.now(), nowMs - startedMs);
    // Nobody is told when it is resumed.
    const isPaused = report.status === 'paused';
    const inMs = isPaused ? Math.min(nextInMs, Math.max(MIN_AGAIN_MS, againInSeconds * 1000)) : nextInMs;
    return nowMs + inMs + jitterMs;
  }

  /** Until somebody is due who was not at `nowMs`, or something happens. */
  private async sleep(nowMs: number): Promise<void> {
    const { timing } = this.parts.settings;
    const { signal } = this.nap;
    // Timers cannot be longer than some weeks.
    const napMs = Math.min(MAX_SLEEP_MS, this.agenda.nextDueMs(nowMs) - nowMs);
    if (!signal.aborted) await timing.sleep(napMs, signal);
  }
}
