import { besides } from '../beside/index.js';
import type { Worker } from '../contender.js';
import { withContenders } from '../contenders.js';
import { contentOf, type Mass } from '../facts.js';
import { interleaved, milliseconds, type Take } from '../interleaved.js';
import { PER_ROW } from '../report/tables.js';
import type { Measure } from '../stage.js';
import { type Tables, tablesOf } from '../tables/tables.js';

/** Everybody does all there is to do, and whoever gets the same rows has to leave the same rows. */
export const mass = (workload: string, facts: Mass): Measure =>
  async function* (stage) {
    const { rows, rounds } = stage;
    const url = await stage.database();
    const work = new Work(tablesOf(url), facts);
    // People's own ways are shown once for each thing to do.
    const others = workload === facts.act ? await besides(stage, url) : [];
    try {
      yield* withContenders(stage, { url, hasLogs: facts.due.logsOfEach !== undefined }, async function* (contenders) {
        const takes = new Map([
          ...[...contenders].map(([who, contender]) => [who, work.takeOf(who, contender, rows)] as const),
          ...[...others].map(([who, beside]) => [who, work.takeOf(who, beside.worker, beside.rows)] as const),
        ]);
        yield { workload, rows, unit: PER_ROW, rounds: await interleaved(rounds, takes) };
      });
    } finally {
      for (const [, { worker }] of others) await worker.close();
    }
  };

/** The same work for everybody, on tables that are made anew each time. */
class Work {
  private readonly base = new Date();
  /** By how many rows were due, what is left. */
  private readonly left = new Map<number, string>();

  constructor(
    private readonly tables: Tables,
    private readonly facts: Mass,
  ) {}

  /** Microseconds a row. Throws where a worker leaves other rows than the ones before. */
  takeOf(who: string, worker: Worker, rows: number): Take {
    const { act, due } = this.facts;
    return async () => {
      await this.tables.make(contentOf(due, rows), this.base);
      let changed = 0;
      const ms = await milliseconds(async () => {
        changed = await worker.drain(act);
      });
      if (changed !== rows) throw new Error(`${who} changed ${changed} rows of ${rows}`);
      const left = await this.tables.left(this.base);
      const expected = this.left.get(rows) ?? left;
      if (left !== expected) throw new Error(`${who} left other rows: ${left}, not ${expected}`);
      this.left.set(rows, left);
      return (ms * 1000) / rows;
    };
  }
}
