import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PassOptions } from '@jobsweep/core';
import { Child } from '../child.js';
import { BATCH_ROWS, type Contender } from '../contender.js';
import { contentOf, MASS } from '../facts.js';
import { byHand } from '../hand/by-hand.js';
import { interleaved, milliseconds, type Take } from '../interleaved.js';
import { jobsweep } from '../jobsweep.js';
import { type Latencies, pick } from '../latencies.js';
import { HAND } from '../results/result.js';
import type { Measure } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

const LOAD = join(import.meta.dirname, '../foreground/load.js');
/** Transactions of the load. */
const PER_SECOND = 150;
const FIRST_ID = 1e9;
/** Somewhat longer than a purge without pauses takes at 100 thousand rows. */
const SECONDS = 5;
const { act, due } = MASS.purge;

/** What a pass may take is what the load is there for. */
const PACES: readonly (readonly [name: string, pass: PassOptions])[] = [
  ['', {}],
  [' pauseFraction 0', { pauseFraction: 0 }],
  [' maxRowsPerSecond 1000', { pacing: { maxRowsPerSecond: 1000 } }],
];

/** A while beside the load, and how many rows were deleted a second. */
interface Taken extends Latencies {
  readonly rate: number;
}

/** How long the transactions of an application take alone, and while jobs are purged. */
export const foreground: Measure = async function* (stage) {
  const { engine, adapters, rows, rounds } = stage;
  const url = await stage.database();
  const opening = { url, hasLogs: false };
  const closing: Contender[] = [];
  const opened = (contender: Contender) => {
    closing.push(contender);
    return contender;
  };
  try {
    const takes = new Map<string, Take<Taken>>();
    const add = (who: string, purge: () => Promise<number>) =>
      takes.set(who, async () => {
        await tablesOf(url).make(contentOf(due, rows), new Date());
        return beside(url, purge);
      });
    add('alone', async () => {
      await delay(SECONDS * 1000);
      return 0;
    });
    for (const adapter of adapters.slice(0, 1)) {
      for (const [name, pass] of PACES) {
        const contender = opened(await jobsweep(adapter, opening, { timeoutSeconds: SECONDS, ...pass }));
        add(`${adapter}${name}`, () => contender.drain(act));
      }
    }
    const hand = opened(await byHand(engine, opening));
    add(HAND, () => hand.drain(act));
    add(`${HAND} with pauses`, () => paused(hand));
    const taken = await interleaved(rounds, takes);
    const about = { workload: 'foreground', rows };
    yield { ...about, unit: 'ms, p99', rounds: pick(taken, ({ p99 }) => p99) };
    yield { ...about, workload: 'foreground-half', unit: 'ms, p50', rounds: pick(taken, ({ p50 }) => p50) };
    yield { ...about, workload: 'foreground-rate', unit: 'rows/s', rounds: pick(taken, ({ rate }) => rate) };
  } finally {
    await Promise.all(closing.map((contender) => contender.close()));
  }
};

async function beside(url: string, purge: () => Promise<number>): Promise<Taken> {
  const load = Child.start<'ready' | Latencies>(LOAD, [url, String(PER_SECOND), String(FIRST_ID)]);
  try {
    await load.message();
    load.tell('begin');
    let deleted = 0;
    const ms = await milliseconds(async () => {
      deleted = await purge();
    });
    load.tell('stop');
    const latencies = await load.message();
    if (latencies === 'ready') throw new Error('The load began twice');
    return { ...latencies, rate: (deleted * 1000) / ms };
  } finally {
    await load.close();
  }
}

/** By hand as jobsweep does by itself: after each batch half as long as it took. */
async function paused(hand: Contender): Promise<number> {
  const end = performance.now() + SECONDS * 1000;
  for (let deleted = 0; ; ) {
    let batch = 0;
    const ms = await milliseconds(async () => {
      batch = await hand.drain(act, BATCH_ROWS);
    });
    deleted += batch;
    if (batch < BATCH_ROWS || performance.now() > end) return deleted;
    await delay(ms / 2);
  }
}
