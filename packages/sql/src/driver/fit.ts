import { type ColumnShape, type Copy, JobsweepError, misfitsOf } from '@jobsweep/core';

/**
 * The columns that are copied from one table to another. Throws `SCHEMA_MISMATCH` where one of them has no place there.
 *
 * @param from the columns of the table that rows are copied from, as they are now, and `to` of the other one.
 */
export function copiedColumns(
  { columnsOf, ...tables }: Pick<Copy, 'from' | 'to' | 'columnsOf'>,
  from: readonly ColumnShape[],
  to: readonly ColumnShape[],
): string[] {
  const [whole, others] = columnsOf === 'from' ? [from, to] : [to, from];
  const [table, archive] = columnsOf === 'from' ? [tables.from, tables.to] : [tables.to, tables.from];
  for (const [{ name }, columns] of [[table, whole] as const, [archive, others] as const])
    if (columns.length === 0) throw new JobsweepError('SCHEMA_MISMATCH', `There is no table "${name}". Make it.`);
  const misfits = misfitsOf(whole, others);
  if (misfits.length > 0) {
    const each = misfits.map(({ column, type, other }) =>
      other === null
        ? `"${column}" (${type}), which it does not have`
        : `"${column}" (${type}), which is ${other} there`,
    );
    const message = `Table "${archive.name}" cannot hold all of "${table.name}": ${each.join('; ')}. Nothing was written. Give it these columns.`;
    throw new JobsweepError('SCHEMA_MISMATCH', message);
  }
  const made = new Set(to.flatMap(({ name, isGenerated }) => (isGenerated ? [name] : [])));
  const isThere = new Set(others.map(({ name }) => name));
  return whole.flatMap(({ name }) => (made.has(name) || !isThere.has(name) ? [] : [name]));
}
