import { type Act, BATCH_ROWS, type Contender } from '../contender.js';
import { LOGS_OF_EACH } from '../facts.js';

/** A row as the driver gives it without names: its key first. */
export type Values = readonly (string | undefined)[];

/** One batch of at most so many rows: the page that it found behind a row, and how many rows it changed. */
export type Step = (
  after: Values | undefined,
  limit: number,
) => Promise<{ readonly changed: number; readonly page: readonly Values[] }>;

/** Batch after batch until a page is not full, or so many rows were changed. */
async function drained(step: Step, maxRows: number, batchRows: number): Promise<number> {
  let changed = 0;
  let after: Values | undefined;
  while (changed < maxRows) {
    const limit = Math.min(batchRows, maxRows - changed);
    const done = await step(after, limit);
    changed += done.changed;
    if (done.page.length < limit) break;
    after = done.page.at(-1);
  }
  return changed;
}

/** What SQL by hand is made of. */
interface ByHand {
  readonly steps: Readonly<Record<Act, Step>>;
  readonly probes: readonly string[];
  readonly hasLogs: boolean;
  readonly begin: () => Promise<unknown>;
  readonly commit: () => Promise<unknown>;
  readonly rows: (text: string) => Promise<readonly Values[]>;
  readonly close: () => Promise<void>;
}

/** Works in batches, each in a transaction of its own. */
export function contenderByHand({ steps, probes, hasLogs, begin, commit, rows, close }: ByHand): Contender {
  const inTransaction =
    (step: Step): Step =>
    async (after, limit) => {
      await begin();
      const done = await step(after, limit);
      await commit();
      return done;
    };
  return {
    drain: (act, maxRows = Number.POSITIVE_INFINITY) =>
      drained(inTransaction(steps[act]), maxRows, hasLogs ? BATCH_ROWS / LOGS_OF_EACH : BATCH_ROWS),
    async look() {
      for (const probe of probes) if ((await rows(probe)).length > 0) throw new Error(`Something is due: ${probe}`);
    },
    close,
  };
}

/** The locked rows that are as they were found. */
export function sameRows(found: readonly Values[], locked: readonly Values[]): Values[] {
  const versions = new Map(found.map((row) => [row[0], row]));
  return locked.filter((row) => versions.get(row[0])?.every((value, place) => value === row[place]) ?? false);
}

/** The keys of rows. */
export const keysOf = (rows: readonly Values[]) => rows.map(([key]) => key);
