import {
  type Condition,
  EVERY,
  type Key,
  keyText,
  type LockMode,
  type Query,
  type RelatedQuery,
  type Row,
  type Selection,
  type Table,
  type Tx,
} from '@jobsweep/core';

/** More rows than there are. */
export const ALL_ROWS = 10_000;

/** The row with a key that meets a condition, without a lock. */
export async function seen(tx: Tx, query: Omit<Query, 'limit'>, key: Key): Promise<Row | undefined> {
  const rows = await tx.page({ ...query, limit: ALL_ROWS });
  return rows.find((row) => keyText(row.key) === keyText(key));
}

/** The rows with these keys that meet a condition, without locks. */
export async function lookedAt(
  tx: Tx,
  table: Table,
  keys: readonly Key[],
  selection: Selection,
  where: Condition,
  _mode?: LockMode,
): Promise<Row[]> {
  const given = new Set(keys.map(keyText));
  const rows = await tx.page({ table, where, ...selection, limit: ALL_ROWS });
  return rows.filter(({ key }) => given.has(keyText(key)));
}

/** How many of the rows that hang on others count. */
export async function countOf(
  tx: Tx,
  query: Pick<RelatedQuery, 'link' | 'parents' | 'where'>,
  counts: (row: Row) => boolean,
): Promise<ReadonlyMap<string, number>> {
  const [[, column] = ['', '']] = query.link.on;
  const counted = new Map<string, number>();
  for (const row of await tx.related({ ...query, order: 'parent', columns: [column], limit: ALL_ROWS })) {
    const parent = keyText([row.columns[column] ?? null]);
    if (counts(row)) counted.set(parent, (counted.get(parent) ?? 0) + 1);
  }
  return counted;
}

/** Waits for whoever holds a row, and takes it then. */
export const takesAfterWaiting = (tx: Tx): Partial<Tx> => ({
  async take(table, key, taking) {
    await tx.hold(table, key, [], EVERY);
    return tx.take(table, key, taking);
  },
});

/** Waits for whoever holds rows, and locks them then. */
export const locksAfterWaiting = (tx: Tx): Partial<Tx> => ({
  async lock(table, keys, ...rest) {
    for (const key of keys) await tx.hold(table, key, [], EVERY);
    return tx.lock(table, keys, ...rest);
  },
});

/** All rows of a table that others do not hold, locked. */
export async function lockedAll(tx: Tx, table: Table): Promise<readonly Row[]> {
  const all = await tx.page({ table, where: EVERY, columns: [], limit: ALL_ROWS });
  return (
    await tx.lock(
      table,
      all.map(({ key }) => key),
      { columns: [] },
      EVERY,
    )
  ).rows;
}
