import { BATCH_ROWS } from '../workload.js';

/** A row as the driver gives it without names: its key first. */
export type Values = readonly (string | undefined)[];

/** One batch: the page that it found behind a row, and how many rows it changed. */
export type Step = (
  after: Values | undefined,
) => Promise<{ readonly changed: number; readonly page: readonly Values[] }>;

/** Batch after batch until a page is not full. */
export async function drained(step: Step): Promise<number> {
  let changed = 0;
  let after: Values | undefined;
  for (;;) {
    const done = await step(after);
    changed += done.changed;
    if (done.page.length < BATCH_ROWS) return changed;
    after = done.page.at(-1);
  }
}

/** The locked rows that are as they were found. */
export function sameRows(found: readonly Values[], locked: readonly Values[]): Values[] {
  const versions = new Map(found.map((row) => [row[0], row]));
  return locked.filter((row) => versions.get(row[0])?.every((value, place) => value === row[place]) ?? false);
}
