import { allOf, type Condition, EVERY, isIn } from '../driver/condition.js';
import type { Query, Tx } from '../driver/driver.js';
import { type Exact, secondsToMicros, toMicros } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import { isJobsweepError } from '../errors.js';
import { FINISHED_JOB_STATES, type JobState } from '../model.js';
import type { Context } from '../protocol/context.js';
import type { RawState } from '../schema/mapping.js';
import type { TimeColumn } from '../schema/resolve.js';
import type { StrategyName } from '../strategies/names.js';
import type { SchemaFinding } from './inspection.js';
import { schemaFinding } from './schema-finding.js';

/** The clocks of hosts differ by seconds; a time that was written in another zone is off by a quarter of an hour or more. */
const TOLERATED_MICROS = secondsToMicros(300);
const NEWEST_ROWS = 100;

/** An order of rows that an index may have. */
export interface TimeOrder {
  readonly table: 'jobs' | 'allocations';
  /** The rows that are to be found: those in some states. `null`: all of them. */
  readonly only: { readonly column: string; readonly values: readonly RawState[] } | null;
  /** The column that they are ordered by. */
  readonly time: string;
}

/** A time that a strategy goes by, in the rows that it looks at. */
interface JudgedTime {
  readonly path: string;
  readonly strategy: StrategyName;
  readonly table: Table;
  readonly time: TimeColumn;
  readonly order: TimeOrder & { readonly only: NonNullable<TimeOrder['only']> };
}

/** What a look takes: an open transaction, and whether an index has rows in an order. */
type Look = (
  tx: Pick<Tx, 'now' | 'page'>,
  isIndexed: (order: TimeOrder) => Promise<boolean>,
) => Promise<SchemaFinding[]>;

/**
 * For adapters: times of which the newest hundred lie ahead of the database's clock. Most of them: they are kept otherwise
 * than the mapping says, in another time zone perhaps, and no strategy may go by them. Fewer: a warning. Without an index
 * nothing is read: it would be the whole table.
 *
 * @param findings what is known to be wrong already: such columns are not looked at.
 * @param inTransaction looks in a transaction that only reads.
 */
export async function timesAhead(
  context: Context,
  findings: readonly SchemaFinding[],
  inTransaction: (look: Look) => Promise<SchemaFinding[]>,
): Promise<SchemaFinding[]> {
  const wrong = new Set(findings.map(({ path }) => path));
  const judged = judgedTimes(context).filter(({ path, order: { table } }) => {
    const needs = [path, `schema.${table}.table`, `schema.${table}.columns.${table === 'jobs' ? 'state' : 'status'}`];
    return !needs.some((each) => wrong.has(each));
  });
  try {
    return await inTransaction(async (tx, isIndexed) => {
      const found: SchemaFinding[] = [];
      for (const each of judged) found.push(...(await judge(tx, isIndexed, each)));
      return found;
    });
  } catch (error) {
    // There is an index, and the server does not go by it: then nobody can tell.
    if (isJobsweepError(error, 'STATEMENT_TIMEOUT')) return [];
    throw error;
  }
}

async function judge(
  ...[tx, isIndexed, { path, strategy, table, time, order }]: [...Parameters<Look>, JudgedTime]
): Promise<SchemaFinding[]> {
  const { only } = order;
  let where: Condition;
  if (await isIndexed(order)) where = isIn(only.column, only.values);
  else if (await isIndexed({ ...order, only: null })) where = EVERY;
  else return [];
  const { rows, ahead } = await newestOf(tx, table, time, where);
  if (ahead === 0) return [];
  const severity = ahead * 2 > rows ? 'error' : 'warning';
  return [{ ...schemaFinding(path, { kind: 'ahead', rows, ahead }), severity, strategies: [strategy] }];
}

/** How many of the newest rows are ahead; of more than a hundred, these are the newest. */
async function newestOf(tx: Pick<Tx, 'now' | 'page'>, table: Table, time: TimeColumn, where: Condition) {
  const { column } = time;
  const limit = tx.now + TOLERATED_MICROS;
  const isAhead = (exact: Exact | undefined) => (toMicros(exact ?? null, time) ?? limit) > limit;
  const isSet = { time: column, isSet: true };
  const query: Query = { table, where: allOf(where, isSet), columns: [column], orderBy: column, limit: NEWEST_ROWS };
  const first = await tx.page(query);
  const [row] = first;
  if (row === undefined || first.length < NEWEST_ROWS) {
    return { rows: first.length, ahead: first.filter(({ columns }) => isAhead(columns[column])).length };
  }
  // Any key will do, since no row has to be at just this time.
  const ahead = await tx.page({ ...query, after: { time: String(limit), key: row.key } });
  return { rows: NEWEST_ROWS, ahead: ahead.length };
}

function judgedTimes({ mapped }: Context): JudgedTime[] {
  const { jobs, filters, ageTime } = mapped;
  const ofJobs = (
    path: string,
    strategy: StrategyName,
    time: TimeColumn,
    ...states: readonly JobState[]
  ): JudgedTime => {
    const only = { column: jobs.columns.state, values: jobs.states.rawOf(...states) };
    return { path, strategy, table: jobs.rows, time, order: { table: 'jobs', only, time: time.column } };
  };
  const agePath = filters.ageColumn === null ? 'schema.jobs.columns.startTime' : 'filters.ageColumn';
  const judged = [
    ofJobs(agePath, 'stuck_job_cleanup', ageTime, 'RUNNING'),
    ofJobs('schema.jobs.columns.endTime', 'old_job_cleanup', jobs.columns.endTime, ...FINISHED_JOB_STATES),
  ];
  if (!mapped.hasAllocations) return judged;
  const { rows: table, columns, statuses } = mapped.allocations;
  const { allocationTime: time, status: column } = columns;
  const only = { column, values: statuses.rawOf('RESERVED') };
  if (only.values.length === 0) return judged;
  const path = 'schema.allocations.columns.allocationTime';
  const order = { table: 'allocations', only, time: time.column } as const;
  return [{ path, strategy: 'stale_reservation_cleanup', table, time, order }, ...judged];
}
