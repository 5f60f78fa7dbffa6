import {
  type AllocationWithJob,
  type CountOptions,
  DEFAULT_BATCH_ROWS,
  type GetOptions,
  invalidOption,
  type Job,
  throwIfAborted,
} from '@jobsweep/core';
import { type PgTransaction, requireOpen } from './pg-transaction.js';
import * as rows from './rows.js';
import type { Rule } from './rules.js';

/** Counts the rows of a rule, up to `atMost`. */
export async function count(session: PgTransaction, rule: Rule, options: CountOptions = {}): Promise<number> {
  requireOpen(session);
  throwIfAborted(options.signal);
  requireRows('atMost', options.atMost);
  const statement = `select count(*)::text as total from (select ${rule.sql} limit $1) as due`;
  const [row] = await session.query<{ total: string }>(statement, [options.atMost]);
  return Number(row?.total);
}

/** Allocations of a rule with their jobs, and the horizon they were judged by. */
export function readAllocations(
  session: PgTransaction,
  rule: Rule,
  options?: GetOptions<AllocationWithJob>,
): Promise<AllocationWithJob[]> {
  const horizon = rule.horizon === undefined ? 'null' : rows.timeText(rule.horizon);
  const columns = `${rows.ALLOCATION_COLUMNS}, ${rows.JOB_COLUMNS}, ${horizon} as horizon`;
  const statement = pageOf(rule, columns, 'a.id');
  return paged(session, options, async (limit, after) => {
    const values: unknown[] = [limit, after?.id];
    if (rule.time !== undefined) values.push(after && rows.exactTime(after, 'allocationTime'));
    const read = await session.query<rows.AllocationRow & rows.JobRow>(statement, values);
    return read.map((row) => ({ ...rows.toAllocation(row), job: rows.toJob(row) }));
  });
}

/** Jobs of a rule. */
export function readJobs(
  session: PgTransaction,
  rule: Rule,
  by: 'startTime' | 'endTime',
  options?: GetOptions<Job>,
): Promise<Job[]> {
  const statement = pageOf(rule, rows.JOB_COLUMNS, 'j.id');
  return paged(session, options, async (limit, after) => {
    const values = [limit, after?.id, after && rows.exactTime(after, by)];
    return (await session.query<rows.JobRow>(statement, values)).map(rows.toJob);
  });
}

/** The statement of one page: at most $1 rows, after the row with id $2 and time $3. */
function pageOf({ sql, time }: Rule, columns: string, id: string): string {
  const isAfter = time === undefined ? `${id} > $2` : `(${time}, ${id}) > ($3::timestamptz, $2)`;
  const order = time === undefined ? id : `${time}, ${id}`;
  return `select ${columns} ${sql} and ($2::bigint is null or ${isAfter}) order by ${order} limit $1`;
}

/** The page that `options` ask for or, without a limit, all rows, read page by page. */
async function paged<Row>(
  session: PgTransaction,
  { limit, after, signal }: GetOptions<Row> = {},
  readPage: (limit: number, after: Row | undefined) => Promise<Row[]>,
): Promise<Row[]> {
  requireOpen(session);
  throwIfAborted(signal);
  requireRows('limit', limit);
  if (limit !== undefined) return readPage(limit, after);
  const all: Row[] = [];
  let page: Row[];
  do {
    throwIfAborted(signal);
    page = await readPage(DEFAULT_BATCH_ROWS, all.at(-1) ?? after);
    for (const row of page) all.push(row);
  } while (page.length === DEFAULT_BATCH_ROWS);
  return all;
}

function requireRows(field: string, given: number | undefined): void {
  if (given === undefined || (Number.isSafeInteger(given) && given > 0)) return;
  throw invalidOption(field, given, 'give a whole number from 1 on');
}
