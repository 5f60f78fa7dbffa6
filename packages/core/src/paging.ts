import { invalidOption, throwIfAborted } from './errors.js';
import { DEFAULT_BATCH_ROWS } from './pass/settings.js';
import type { GetOptions } from './repository.js';

/** Reads at most `limit` rows, after the row `after` where one is given. Fewer rows mean that there are no more. */
export type ReadPage<Row> = (limit: number, after: Row | undefined) => Promise<Row[]>;

/**
 * For adapters: the page that `options` ask for or, without a limit, all rows, read page by page. Rejects with `ABORTED`
 * between two pages, and with `INVALID_OPTION` for a limit that is no number of rows.
 *
 * @example
 * getStuckJobs: (session, maxAgeHours, options) =>
 *   paged((limit, after) => session.query(STUCK_JOBS, [maxAgeHours, limit, after?.id]), options),
 */
export async function paged<Row>(readPage: ReadPage<Row>, options: GetOptions<Row> = {}): Promise<Row[]> {
  const { limit, signal } = options;
  throwIfAborted(signal);
  requireRows('limit', limit);
  if (limit !== undefined) return readPage(limit, options.after);

  const rows: Row[] = [];
  let { after } = options;
  for (;;) {
    const page = await readPage(DEFAULT_BATCH_ROWS, after);
    for (const row of page) rows.push(row);
    if (page.length < DEFAULT_BATCH_ROWS) return rows;
    after = page.at(-1);
    throwIfAborted(signal);
  }
}

/** How far a look at all rows counts. Throws `INVALID_OPTION` for a number out of its range. */
export function checkedAtMost(atMost = 10_000): number {
  requireRows('atMost', atMost, 10_000_000);
  return atMost;
}

/** Throws `INVALID_OPTION` for a bound that is no number of rows: some libraries would leave it out and read them all. */
export function requireRows(field: string, rows: number | undefined, max = Number.MAX_SAFE_INTEGER): void {
  if (rows === undefined || (Number.isSafeInteger(rows) && rows > 0 && rows <= max)) return;
  throw invalidOption(
    field,
    rows,
    `give a whole number from 1 ${max === Number.MAX_SAFE_INTEGER ? 'on' : `to ${max}`}`,
  );
}
