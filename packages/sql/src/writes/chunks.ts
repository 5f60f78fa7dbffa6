import { throwIfAborted, type WriteOptions, type WriteOutcome } from '@jobsweep/core';

/** Rows that one statement writes, however many an operation is given. */
const CHUNK_ROWS = 5000;

/** Writes rows in chunks, each row once, and reports what became of all of them. */
export async function inChunks<Row extends { readonly id: string }, Changed extends { readonly id: string } = Row>(
  rows: readonly Row[],
  options: WriteOptions<Changed> | undefined,
  write: (chunk: readonly Row[]) => Promise<WriteOutcome<Changed>>,
): Promise<WriteOutcome<Changed>> {
  const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
  const changed: Changed[] = [];
  const contended: Changed[] = [];
  const holding: Changed[] = [];
  for (let start = 0; start < unique.length; start += CHUNK_ROWS) {
    throwIfAborted(options?.signal);
    const outcome = await write(unique.slice(start, start + CHUNK_ROWS));
    changed.push(...outcome.changed);
    contended.push(...outcome.contended);
    holding.push(...(outcome.holding ?? []));
  }
  const outcome = { changed, contended, ...(holding.length > 0 && { holding }) };
  options?.onOutcome?.(outcome);
  return outcome;
}
