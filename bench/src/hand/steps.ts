import { BATCH_ROWS } from '../contender.js';

/** A row as the driver gives it without names: its key first. */
export type Values = readonly (string | undefined)[];

/** One batch of at most so many rows: the page that it found behind a row, and how many rows it changed. */
export type Step = (
  after: Values | undefined,
  limit: number,
) => Promise<{ readonly changed: number; readonly page: readonly Values[] }>;

/** Batch after batch until a page is not full, or so many rows were changed. */
export async function drained(step: Step, maxRows: number, batchRows = BATCH_ROWS): Promise<number> {
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

/** The locked rows that are as they were found. */
export function sameRows(found: readonly Values[], locked: readonly Values[]): Values[] {
  const versions = new Map(found.map((row) => [row[0], row]));
  return locked.filter((row) => versions.get(row[0])?.every((value, place) => value === row[place]) ?? false);
}

/** The keys of rows. */
export const keysOf = (rows: readonly Values[]) => rows.map(([key]) => key);
