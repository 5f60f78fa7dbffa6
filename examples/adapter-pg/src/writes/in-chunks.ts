import { throwIfAborted, type WriteOptions, type WriteOutcome } from '@jobsweep/core';
import { type PgTransaction, requireOpen } from '../pg-transaction.js';

/** Rows that one statement writes, however many an operation is given. */
const CHUNK_ROWS = 5000;

/** What every write has in common: rows given twice count once, and the outcome is told once. */
export async function inChunks<Row extends { readonly id: string }, Changed extends { readonly id: string } = Row>(
  session: PgTransaction,
  rows: readonly Row[],
  options: WriteOptions<Changed> | undefined,
  write: (chunk: readonly Row[]) => Promise<WriteOutcome<Changed>>,
): Promise<Changed[]> {
  requireOpen(session);
  throwIfAborted(options?.signal);
  await session.requireReadCommitted();
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
  options?.onOutcome?.({ changed, contended, ...(holding.length > 0 && { holding }) });
  return changed;
}
