import { allOf, type Condition, isNone, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import type { Row } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { throwIfAborted } from '../errors.js';
import type { AllocationWithJob, Job, ResourceAllocation, RowVersion } from '../model.js';
import { requireRows } from '../paging.js';
import type { Context } from '../protocol/context.js';
import { labelled } from '../protocol/related.js';
import type {
  CountOptions,
  GetCompletedOptions,
  GetOldJobsOptions,
  GetOptions,
  GetStaleOptions,
  GetStuckJobsOptions,
} from '../repository.js';
import { type Way, waysOf } from '../rules/first-set.js';
import { type AgeRule, ageOf, horizonOf, LIMIT, oldSeconds, settledBefore, silentSinceOf } from '../rules/limits.js';
import type { Rule } from '../strategies/rule.js';
import { type PagedTx, rangeOf, type TimeName, wayOf } from './range.js';
import { read, readAll } from './read-pages.js';

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
      return readCompleted(tx, context, { ...options, settleSeconds: rule.settleSeconds });
    case 'stale_reservation_cleanup':
      return readStale(tx, context, ageOf(rule), { ...options, jobStates: rule.jobStates, requeue: rule.requeue });
    case 'stuck_job_cleanup':
      return readStuck(tx, context, ageOf(rule), { ...options, silentMinutes: rule.silentMinutes });
    case 'old_job_cleanup':
      return readOld(tx, context, oldSeconds(context.mapped, rule.maxAgeDays), { ...options, deletableOnly: true });
    case 'waiting_job_cleanup':
      return readWaiting(tx, context, ageOf(rule), options);
    case 'orphaned_allocation_cleanup':
      return readOrphaned(tx, context, ageOf(rule), options);
  }
}

/** Allocations of finished jobs with these, by allocation id. */
export async function readCompleted(
  tx: PagedTx,
  context: Context,
  options: GetCompletedOptions = {},
): Promise<AllocationWithJob[]> {
  const where = context.rules.completed(settledBefore(tx.now, options.settleSeconds));
  const page = { ...allocationQuery(context, options), where };
  const query = { ...page, ...(await rangeOf(tx, context, page.table, options)) };
  return read(tx, query, (row) => toAllocationWithJob(context, row), options);
}

/** Stale reservations with their jobs and the horizon they are judged by, by (allocation time, id). */
export async function readStale(
  tx: PagedTx,
  context: Context,
  maxAgeSeconds: number,
  options: GetStaleOptions = {},
): Promise<AllocationWithJob[]> {
  const since = context.rules.heldSince();
  const page = {
    ...allocationQuery(context, options, 'staleReservationMinutes'),
    where: context.rules.stale(tx.now, maxAgeSeconds, options),
    orderBy: since.column,
  };
  const time = { name: 'allocationTime', column: since } as const;
  const query = { ...page, ...(await rangeOf(tx, context, page.table, options, time)) };
  const horizon = ({ parent }: Row) => {
    const limit = parent?.labels?.[LIMIT];
    return horizonOf(tx.now, limit == null ? maxAgeSeconds : Number(limit));
  };
  const noted = options.requeue && { silentSince: String(horizonOf(tx.now, maxAgeSeconds)) };
  return read(tx, query, (row) => toAllocationWithJob(context, row, String(horizon(row)), noted), options);
}

/** Stuck jobs, by the time that says so and id. */
export async function readStuck(
  tx: PagedTx,
  context: Context,
  maxAgeSeconds: number,
  { silentMinutes, ...options }: GetStuckJobsOptions = {},
): Promise<Job[]> {
  const { mapped, rules } = context;
  const silentSince = silentSinceOf(tx.now, mapped, silentMinutes);
  const horizon =
    silentSince === undefined && mapped.filters.sign !== null ? horizonOf(tx.now, maxAgeSeconds) : undefined;
  const isByStart = silentSince !== undefined || mapped.filters.ageColumn === null;
  const query: JobsQuery = {
    ways: isByStart ? waysOf([mapped.jobs.columns.startTime]) : rules.stuckWays(),
    where: (ways) => rules.stuck(tx.now, { maxAgeSeconds, silentSince }, ways),
    time: isByStart ? 'startTime' : 'ageTime',
    rule: 'stuckHours',
    noted: {
      ...(silentSince !== undefined && { silentSince: String(silentSince) }),
      ...(horizon !== undefined && { horizon: String(horizon) }),
    },
  };
  return readJobs(tx, context, query, options);
}

/** Jobs that have waited for their first start for too long, by the time when they were queued and id. */
export async function readWaiting(
  tx: PagedTx,
  context: Context,
  maxAgeSeconds: number,
  options: GetOptions<Job> = {},
): Promise<Job[]> {
  const { rules } = context;
  const ways = waysOf([rules.createdTime()]);
  const where = () => rules.waiting(tx.now, maxAgeSeconds);
  return readJobs(tx, context, { ways, where, time: 'createdTime' }, options);
}

/** Old jobs, by (end, id). Without an age all of those that do not stay for being new. */
export async function readOld(
  tx: PagedTx,
  context: Context,
  maxAgeSeconds: number | undefined,
  options: GetOldJobsOptions = {},
): Promise<Job[]> {
  const { mapped, rules } = context;
  const where = (ways?: readonly Way[]) => {
    const old = rules.purged(tx.now, maxAgeSeconds, ways);
    const isHolding = rules.isHolding();
    return options.deletableOnly && !isNone(isHolding) ? allOf(old, not(isHolding)) : old;
  };
  const time = mapped.filters.ageFrom === null ? 'endTime' : 'retentionTime';
  return readJobs(tx, context, { ways: rules.oldWays(), where, time, rule: 'oldDays' }, options);
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

/** Jobs by a time and id: those that have it in the first of several columns come before those that have it in the next. */
interface JobsQuery {
  readonly ways: readonly Way[];
  readonly where: (ways: readonly Way[]) => Condition;
  /** The same time of a job that was read. */
  readonly time: TimeName;
  /** Absent: no job has a limit of its own. */
  readonly rule?: AgeRule;
  /** What versions tell besides. */
  readonly noted?: RowVersion;
}

async function readJobs(
  tx: PagedTx,
  context: Context,
  { ways, where, time, rule, noted }: JobsQuery,
  options: GetOptions<Job>,
): Promise<Job[]> {
  const { mapped, rows, rules } = context;
  const labels = labelled(rows.jobLabels, rule && rules.limits[rule].labels);
  const { rows: table } = mapped.jobs;
  const { after, upTo } = await rangeOf(tx, context, table, options, { name: time, column: ways[0]?.time });
  const first = options.after === undefined ? 0 : wayOf('after', options.after, ways, time);
  const last = options.upTo === undefined ? ways.length - 1 : wayOf('upTo', options.upTo, ways, time);
  const columns = jobColumns(context, options);
  const queries = ways.slice(first, last + 1).map((way, index) => ({
    ...{ table, columns, labels, where: where([way]), orderBy: way.time.column },
    ...(index === 0 && { after }),
    ...(index === last - first && { upTo }),
  }));
  return readAll(tx, queries, (row) => rows.toJob(row, undefined, noted), options);
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

function toAllocationWithJob(
  { rows }: Context,
  row: Row,
  horizon?: string,
  noted?: RowVersion,
): AllocationWithJob | undefined {
  const allocation = rows.toAllocation(row, horizon);
  const job = row.parent && rows.toJob(row.parent, undefined, noted);
  return allocation && job && Object.assign(allocation, { job });
}
