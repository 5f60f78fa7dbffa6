import type { Contender } from '../contender.js';
import { withContenders } from '../contenders.js';
import { contentOf, type Mass } from '../facts.js';
import { interleaved, milliseconds, type Take } from '../interleaved.js';
import { PER_ROW } from '../report/tables.js';
import type { Measure } from '../stage.js';
import { type Tables, tablesOf } from '../tables/tables.js';

/** Everybody does all there is to do, and has to leave the same rows. */
export const mass = (workload: string, facts: Mass): Measure =>
  async function* (stage) {
    const { rows, rounds } = stage;
    const url = await stage.database();
    const work = new Work(tablesOf(url), facts, rows);
    yield* withContenders(stage, { url, hasLogs: facts.due.logsOfEach !== undefined }, async function* (contenders) {
      const takes = new Map([...contenders].map(([who, contender]) => [who, work.takeOf(who, contender)]));
      yield { workload, rows, unit: PER_ROW, rounds: await interleaved(rounds, takes) };
    });
  };

/** The same work for everybody, on tables that are made anew each time. */
class Work {
  private readonly base = new Date();
  private left: string | undefined;

  constructor(
    private readonly tables: Tables,
    private readonly facts: Mass,
    private readonly rows: number,
  ) {}

  /** Microseconds a row. Throws where a contender leaves other rows than the ones before. */
  takeOf(who: string, contender: Contender): Take {
    const { act, due } = this.facts;
    return async () => {
      await this.tables.make(contentOf(due, this.rows), this.base);
      let changed = 0;
      const ms = await milliseconds(async () => {
        changed = await contender.drain(act, Number.POSITIVE_INFINITY);
      });
      if (changed !== this.rows) throw new Error(`${who} changed ${changed} rows of ${this.rows}`);
      const left = await this.tables.left(this.base);
      this.left ??= left;
      if (left !== this.left) throw new Error(`${who} left other rows: ${left}, not ${this.left}`);
      return (ms * 1000) / this.rows;
    };
  }
}
