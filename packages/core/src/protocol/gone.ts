import type { Condition } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { JobsweepError } from '../errors.js';
import type { Archive, Mapped } from '../rules/mapped.js';
import { guardOf, requireAll } from './write.js';

/**
 * Deletes rows that are locked, and keeps a copy of them before where they are archived. Returns the keys of those that are
 * gone: what stays is not in the archive.
 */
export async function writeGone(
  tx: Tx,
  mapped: Pick<Mapped, 'archiveOf'>,
  table: Table,
  due: readonly Row[],
  guard: Condition,
) {
  if (due.length === 0) return [];
  const archive = mapped.archiveOf(table);
  if (archive !== undefined) await keep(tx, table, archive, due);
  const gone = await tx.remove(table, due, guardOf(tx, table, guard));
  requireAll(tx, gone.length, due.length);
  if (archive !== undefined && gone.length < due.length) {
    const isGone = new Set(gone.map(keyText));
    await forget(
      tx,
      archive,
      due.filter(({ key }) => !isGone.has(keyText(key))),
    );
  }
  return gone;
}

/** What the archive has of rows with these keys is how they were deleted before: it makes way. */
async function keep(tx: Tx, from: Table, archive: Archive, due: readonly Row[]): Promise<void> {
  await forget(tx, archive, due);
  const { rows: to, within: where } = archive;
  const copied = await tx.copy({ from, to, keys: due.map(({ key }) => key), where, columnsOf: 'from' });
  if (copied === due.length) return;
  const message =
    `${to.name} took ${copied} of ${due.length} rows of ${from.name}, so none of them was deleted. ` +
    `Look for a trigger or a rule of ${to.name} that turns rows away.`;
  throw new JobsweepError('ROW_REJECTED', message);
}

const forget = (tx: Tx, { rows, within }: Archive, due: readonly Row[]) => tx.remove(rows, due, within);
