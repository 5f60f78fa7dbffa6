import { DEFAULT_BATCH_ROWS, type GetOptions, invalidOption, throwIfAborted } from '@jobsweep/core';

/** Reads one page. */
export type ReadPage<Row> = (limit: number, after: Row | undefined) => Promise<Row[]>;

/** The page that `options` ask for or, without a limit, all rows, read page by page. */
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

/** Throws `INVALID_OPTION` for a bound that is no number of rows. */
export function requireRows(field: string, rows: number | undefined): void {
  if (rows === undefined || (Number.isSafeInteger(rows) && rows > 0)) return;
  throw invalidOption(field, rows, 'give a whole number from 1 on');
}
