import { type CountOptions, requireRows, throwIfAborted } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { SqlSession } from '../library.js';

/** Counts the rows of a query, up to `atMost`. */
export async function countRows(
  session: SqlSession,
  query: Knex.QueryBuilder,
  options: CountOptions = {},
): Promise<number> {
  throwIfAborted(options.signal);
  requireRows('atMost', options.atMost);
  const due = query.select(session.build.raw('1 as due'));
  if (options.atMost !== undefined) due.limit(options.atMost);
  const counted = session.build.select(session.build.raw('count(*) as total')).from(due.as('t'));
  const [row] = await session.rows<{ total: string | number }>(counted);
  return Number(row?.total ?? 0);
}
