import { throwIfAborted, type WriteOptions, type WriteOutcome } from '@jobsweep/core';

/** Rows that one command names by their ids, however many an operation is given. */
export const CHUNK_ROWS = 500;

interface GivenRow {
  readonly id: string;
  readonly version?: { readonly [key: string]: string | null };
}

/** What became of one chunk; rows that neither changed nor hold something no longer qualified. */
export type Written<Row> = Pick<WriteOutcome<Row>, 'changed' | 'holding'>;

/**
 * Writes rows in chunks, each row once, and reports what became of all of them. None is contended: a row that others
 * write fails the whole transaction.
 */
export async function inChunks<Row extends GivenRow, Changed = Row>(
  rows: readonly Row[],
  options: WriteOptions<Changed> | undefined,
  write: (chunk: readonly Row[]) => Promise<readonly Changed[] | Written<Changed>>,
): Promise<WriteOutcome<Changed>> {
  const unique = [...new Map(rows.map((row) => [row.version?.id ?? row.id, row])).values()];
  const changed: Changed[] = [];
  const holding: Changed[] = [];
  for (const chunk of chunksOf(unique)) {
    throwIfAborted(options?.signal);
    const written = await write(chunk);
    const of: Written<Changed> = 'changed' in written ? written : { changed: written };
    changed.push(...of.changed);
    holding.push(...(of.holding ?? []));
  }
  const outcome = { changed, contended: [], ...(holding.length > 0 && { holding }) };
  options?.onOutcome?.(outcome);
  return outcome;
}

/** Rows in parts that one command can name. */
export function chunksOf<Row>(rows: readonly Row[]): (readonly Row[])[] {
  const chunks: (readonly Row[])[] = [];
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) chunks.push(rows.slice(start, start + CHUNK_ROWS));
  return chunks;
}
