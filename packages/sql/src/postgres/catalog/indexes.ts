import type { Catalog } from '@jobsweep/core';
import { literal } from '../../driver/source.js';
import type { SqlSession } from '../../library.js';
import { findTable, quotedNames, quotedTable } from './names.js';

/** See `Catalog.indexStatement`. Partial, so that it is as short as the rows that may be due are few. */
export async function indexStatement(
  ...[session, { name, only, columns }, table]: [SqlSession, ...Parameters<Catalog['indexStatement']>]
): Promise<string> {
  const found = await findTable(session, table);
  const [index = name, state = '', ...named] = await quotedNames(session, [name, only?.column ?? '', ...columns]);
  // RowTexts without a type become values of the column's own type, whatever that is.
  const values = only?.values.map((value) => (value === null ? 'NULL' : literal(value))) ?? [];
  const is = only?.values[0] === null ? 'IS' : '=';
  const isOne = values.length === 1 ? `${is} ${values[0]}` : `IN (${values.join(', ')})`;
  const where = only === null ? '' : ` WHERE ${state} ${isOne}`;
  // A partitioned table takes no index beside its writers.
  const concurrently = found?.isPartitioned === true ? '' : 'CONCURRENTLY ';
  return `CREATE INDEX ${concurrently}IF NOT EXISTS ${index} ON ${await quotedTable(session, table)} (${named.join(', ')})${where}`;
}
