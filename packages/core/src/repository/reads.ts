import { allOf, type Condition, not } from '../driver/condition.js';
import type { Query, Tx } from '../driver/driver.js';
import type { Row } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { throwIfAborted } from '../errors.js';
import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import { requireRows } from '../paging.js';
import { DEFAULT_BATCH_ROWS } from '../pass/settings.js';
import type { Context } from '../protocol/context.js';
import { labelled } from '../protocol/related.js';
import type { CountOptions, GetOldJobsOptions, GetOptions } from '../repository.js';
import { type AgeRule, ageOf, horizonOf, LIMIT } from '../rules/limits.js';
import type { Rule } from '../strategies/rule.js';
import { type PagedTx, rangeOf, type TimeName } from './range.js';

/** Counts rows, up to `atMost`. */
export async function countRows(
  tx: Tx,
  table: Table,
  where: Condition,
  { atMost, signal }: CountOptions = {},
): Promise<number> {
  throwIfAborted(signal);
  requireRows('atMost', atMost);
  const [counted] = await tx.count({ table, where, atMost });
  return counted?.rows ?? 0;
}

/** What a rule finds, as the strategy of the rule reads it. */
export function readDue(
  tx: PagedTx,
  context: Context,
  rule: Rule,
  { limit }: { readonly limit: number },
): Promise<readonly (ResourceAllocation | Job)[]> {
  const options = { limit, details: false };
  switch (rule.name) {
    case 'completed_job_cleanup':
      return readCompleted(tx, context, options);
    case 'stale_reservation_cleanup':
      return readStale(tx, context, ageOf(rule), options);
    case 'stuck_job_cleanup':
      return readStuck(tx, context, ageOf(rule), options);
    case 'old_job_cleanup':
      return readOld(tx, context, ageOf(rule), { ...options, deletableOnly: true });
    case 'orphaned_allocation_cleanup':
      return readOrphaned(tx, context, ageOf(rule), options);
  }
}

/** Allocations of finished jobs with these, by allocation id. */
export async function readCompleted(
  tx: PagedTx,
  context: Context,
  options: GetOptions<AllocationWithJob> = {},
): Promise<AllocationWithJob[]> {
  const page = { ...allocationQuery(context, options), where: context.rules.completed() };
  const query = { ...page, ...(await rangeOf(tx, context, page.table, options)) };
  return read(tx, query, (row) => toAllocationWithJob(context, row), options);
}

/** Stale reservations with their jobs and the horizon they are judged by, by (allocation time, id). */
export async function readStale(
  tx: PagedTx,
  context: Context,
  maxAgeSeconds: number,
  options: GetOptions<AllocationWithJob> = {},
): Promise<AllocationWithJob[]> {
  const { allocationTime } = context.mapped.allocations.columns;
  const page = {
    ...allocationQuery(context, options, 'staleReservationMinutes'),
    where: context.rules.stale(tx.now, maxAgeSeconds),
    orderBy: allocationTime.column,
  };
  const query = { ...page, ...(await rangeOf(tx, context, page.table, options, 'allocationTime')) };
  const horizon = ({ parent }: Row) => {
    const limit = parent?.labels?.[LIMIT];
    return horizonOf(tx.now, limit == null ? maxAgeSeconds : Number(limit));
  };
  return read(tx, query, (row) => toAllocationWithJob(context, row, String(horizon(row))), options);
}

/** Stuck jobs, by the time that says so and id. */
export async function readStuck(
  tx: PagedTx,
  context: Context,
  maxAgeSeconds: number,
  options: GetOptions<Job> = {},
): Promise<Job[]> {
  const where = context.rules.stuck(tx.now, maxAgeSeconds);
  const { ageTime, filters } = context.mapped;
  const time = filters.ageColumn === null ? 'startTime' : 'ageTime';
  return readJobs(tx, context, { where, orderBy: ageTime.column, time, rule: 'stuckHours' }, options);
}

/** Old jobs, by (end, id). */
export async function readOld(
  tx: PagedTx,
  context: Context,
  maxAgeSeconds: number,
  options: GetOldJobsOptions = {},
): Promise<Job[]> {
  const { mapped, rules } = context;
  const old = rules.old(tx.now, maxAgeSeconds);
  const where = options.deletableOnly && mapped.hasAllocations ? allOf(old, not(rules.isHolding())) : old;
  const orderBy = mapped.jobs.columns.endTime.column;
  return readJobs(tx, context, { where, orderBy, time: 'endTime', rule: 'oldDays' }, options);
}

/** Unreleased allocations of jobs that do not exist, by allocation id. */
export async function readOrphaned(
  tx: PagedTx,
  context: Context,
  maxAgeSeconds: number,
  options: GetOptions<ResourceAllocation> = {},
): Promise<ResourceAllocation[]> {
  const { mapped, rows, rules } = context;
  const { rows: table } = mapped.allocations;
  const where = rules.orphaned(tx.now, maxAgeSeconds);
  const page = { table, columns: rows.allocation, labels: rows.allocationLabels, where };
  const query = { ...page, ...(await rangeOf(tx, context, table, options)) };
  return read(tx, query, (row) => rows.toAllocation(row), options);
}

/** Jobs by a time and id. */
interface JobsQuery {
  readonly where: Condition;
  readonly orderBy: string;
  /** The same time of a job that was read. */
  readonly time: TimeName;
  readonly rule: AgeRule;
}

async function readJobs(
  tx: PagedTx,
  context: Context,
  { where, orderBy, time, rule }: JobsQuery,
  options: GetOptions<Job>,
): Promise<Job[]> {
  const { mapped, rows, rules } = context;
  const labels = labelled(rows.jobLabels, rules.limits[rule].labels);
  const { rows: table } = mapped.jobs;
  const range = await rangeOf(tx, context, table, options, time);
  const query = { table, columns: jobColumns(context, options), labels, where, orderBy, ...range };
  return read(tx, query, (row) => rows.toJob(row), options);
}

function allocationQuery(context: Context, options: GetOptions<AllocationWithJob>, rule?: AgeRule) {
  const { mapped, rows, rules } = context;
  const { job: link, rows: table } = mapped.allocations;
  const labels = labelled(rows.jobLabels, rule && rules.limits[rule].labels);
  const parent = { link, columns: jobColumns(context, options), labels };
  return { table, columns: rows.allocation, labels: rows.allocationLabels, parent };
}

const jobColumns = ({ rows }: Context, { details = true }: Pick<GetOptions<never>, 'details'>) =>
  details ? rows.job : rows.jobToShow;

function toAllocationWithJob({ rows }: Context, row: Row, horizon?: string): AllocationWithJob | undefined {
  const allocation = rows.toAllocation(row, horizon);
  const job = row.parent && rows.toJob(row.parent);
  return allocation && job && Object.assign(allocation, { job });
}

/** A page or, without a limit, all rows, page by page. It ends where the database has no more, whatever became of its rows. */
async function read<Out>(
  tx: PagedTx,
  query: Omit<Query, 'limit'>,
  toOut: (row: Row) => Out | undefined,
  { limit, signal }: GetOptions<Out>,
): Promise<Out[]> {
  requireRows('limit', limit);
  const found: Out[] = [];
  let { after } = query;
  for (;;) {
    throwIfAborted(signal);
    const wanted = limit === undefined ? DEFAULT_BATCH_ROWS : limit - found.length;
    const page = await tx.page({ ...query, after, limit: wanted });
    for (const row of page) {
      const out = toOut(row);
      if (out !== undefined) found.push(out);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < wanted || found.length === limit) return found;
    after = { key: last.key, ...(query.orderBy !== undefined && { time: last.columns[query.orderBy] ?? null }) };
  }
}
