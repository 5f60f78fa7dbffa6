import type { Condition } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { JobsweepError } from '../errors.js';
import type { Archive, Mapped } from '../rules/mapped.js';
import { guardOf, requireAll } from './write.js';

/**
 * Deletes rows that are locked, and keeps a copy of them before where they are archived: what the archive had of rows with
 * their keys has made way. Returns the keys of those that are gone: what stays is not in the archive.
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
    const left = due.filter(({ key }) => !isGone.has(keyText(key)));
    await tx.remove(archive.rows, left, archive.within);
  }
  return gone;
}

async function keep(tx: Tx, from: Table, { rows: to, within: where }: Archive, due: readonly Row[]): Promise<void> {
  const copied = await tx.copy({ from, to, keys: due.map(({ key }) => key), where, columnsOf: 'from' });
  if (copied === due.length) return;
  const message =
    `${to.name} took ${copied} of ${due.length} rows of ${from.name}, so none of them was deleted. ` +
    `Look for a trigger or a rule of ${to.name} that turns rows away.`;
  throw new JobsweepError('ROW_REJECTED', message);
}
