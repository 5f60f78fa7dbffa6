import type { Change, Cluster, Columns, Insertion, OtherSide, TableName, Tables, Value } from '@jobsweep/contract';
import type { Plain } from './plain.js';
import { connectMysql } from './plain-mysql.js';
import { connectPostgres } from './plain-postgres.js';

/** Rows of one INSERT. */
const INSERT_ROWS = 1000;

/** The default tables of SQL adapters, each with columns that jobsweep knows nothing of. */
const TABLES = (time: string, text: string) => [
  `create table jobs (
     id bigint primary key, name ${text}, state ${text}, start_time ${time}, end_time ${time}, error_msg ${text},
     exit_code ${text}, tenant bigint, pinned boolean, heartbeat ${time}, note ${text})`,
  `create table resource_allocations (
     id bigint primary key, job_id bigint, status ${text}, allocation_time ${time}, released_time ${time}, note ${text},
     foreign key (job_id) references jobs (id))`,
];

/** The adapter's own side of a cluster, on the tables of a database. */
export interface ConnectedAdapter<Session extends object> extends Pick<Cluster<Session>, 'store'> {
  close(): Promise<void>;
}

const NAMES: Readonly<Record<TableName, string>> = { jobs: 'jobs', allocations: 'resource_allocations' };

const COLUMNS = {
  id: 'id',
  name: 'name',
  state: 'state',
  startTime: 'start_time',
  endTime: 'end_time',
  errorMsg: 'error_msg',
  exitCode: 'exit_code',
  tenant: 'tenant',
  pinned: 'pinned',
  heartbeat: 'heartbeat',
  jobId: 'job_id',
  status: 'status',
  allocationTime: 'allocation_time',
  releasedTime: 'released_time',
  note: 'note',
} as const;

type Column = keyof typeof COLUMNS;

const JOB_COLUMNS = [
  ...(['id', 'name', 'state', 'startTime', 'endTime', 'errorMsg', 'exitCode'] as const),
  ...(['tenant', 'pinned', 'heartbeat', 'note'] as const),
] as const;
const ALLOCATION_COLUMNS = ['id', 'jobId', 'status', 'allocationTime', 'releasedTime', 'note'] as const;

const isTime = (column: Column) => column.endsWith('Time') || column === 'heartbeat';
const isInteger = (column: Column) => column === 'id' || column === 'jobId' || column === 'tenant';

/** The suite's cluster on a database of PostgreSQL, MySQL or MariaDB. */
export async function openSqlCluster<Session extends object>(
  url: string,
  connect: (url: string) => Promise<ConnectedAdapter<Session>>,
): Promise<Cluster<Session>> {
  const isMysql = url.startsWith('mysql:');
  const open = isMysql ? connectMysql : connectPostgres;
  const [sql, other] = [await open(url), await open(url)];
  for (const table of isMysql ? TABLES('datetime(6)', 'varchar(200)') : TABLES('timestamptz', 'text'))
    await sql.query(table);
  const adapter = await connect(url);

  return {
    store: (options) => adapter.store(options),
    async seed({ jobs = [], allocations = [] }) {
      await insertAll(sql, 'jobs', jobs);
      await insertAll(sql, 'allocations', allocations);
    },
    read: async () =>
      ({
        jobs: await readAll(sql, 'jobs', JOB_COLUMNS),
        allocations: await readAll(sql, 'allocations', ALLOCATION_COLUMNS),
      }) as unknown as Tables,
    async clear() {
      await sql.query('delete from resource_allocations');
      await sql.query('delete from jobs');
    },
    now: async () => (await sql.query(`select ${sql.timeText(sql.now)} as now`))[0]?.now ?? '',
    second: otherSide(other, sql),
    async close() {
      await Promise.all([adapter.close(), sql.close(), other.close()]);
    },
  };
}

async function insertAll(sql: Plain, table: TableName, rows: readonly Columns[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row) as Column[]))];
  for (let start = 0; start < rows.length; start += INSERT_ROWS) {
    const values: unknown[] = [];
    const lists = rows.slice(start, start + INSERT_ROWS).map((row) => {
      const marks = columns.map((column) => standIn(sql, column, row[column] ?? null, values));
      return `(${marks.join(', ')})`;
    });
    const names = columns.map((column) => COLUMNS[column]).join(', ');
    await sql.query(`insert into ${NAMES[table]} (${names}) values ${lists.join(', ')}`, values);
  }
}

async function readAll(sql: Plain, table: TableName, columns: readonly Column[]) {
  const textOf = (column: Column) => {
    const name = COLUMNS[column];
    if (isTime(column)) return sql.timeText(name);
    if (isInteger(column)) return `cast(${name} as char(200))`;
    return column === 'pinned' ? `case when ${name} then 'true' when not ${name} then 'false' end` : name;
  };
  const selected = columns.map((column) => `${textOf(column)} as c_${COLUMNS[column]}`);
  const rows = await sql.query(`select ${selected.join(', ')} from ${NAMES[table]} order by id`);
  return rows.map((row) =>
    Object.fromEntries(
      columns.map((column) => {
        const value = row[`c_${COLUMNS[column]}`] ?? null;
        return [column, isInteger(column) ? (value?.trim() ?? null) : value];
      }),
    ),
  );
}

/** What stands for a value in a statement; the value itself goes to the end of `values`. */
function standIn(sql: Plain, column: Column, value: Value, values: unknown[]): string {
  if (isTime(column) && value === 'now') return sql.now;
  if (value === null) values.push(null);
  else if (isTime(column)) values.push(sql.timeValue(value));
  else values.push(column === 'pinned' ? value === 'true' : value);
  return '?';
}

function otherSide(other: Plain, observer: Plain): OtherSide {
  const connectionId = other.id();
  const run = async (action: Change | Insertion) => {
    if ('insert' in action) return insertAll(other, action.table, [action.insert]);
    const values: unknown[] = [];
    const equals = (column: Column, value: Value, no: string) =>
      value === null
        ? `${COLUMNS[column]} is ${no} null`
        : `${no} ${COLUMNS[column]} = ${standIn(other, column, value, values)}`;
    const entries = (columns: Columns) => Object.entries(columns) as [Column, Value][];
    const assignments =
      action.set === 'delete'
        ? []
        : entries(action.set).map(([column, value]) => `${COLUMNS[column]} = ${standIn(other, column, value, values)}`);
    const conditions = [
      ...entries(action.where).map(([column, value]) => equals(column, value, '')),
      ...entries(action.unless ?? {}).map(([column, value]) => equals(column, value, 'not')),
    ].join(' and ');
    const name = NAMES[action.table];
    const head = action.set === 'delete' ? `delete from ${name}` : `update ${name} set ${assignments.join(', ')}`;
    await other.query(`${head} where ${conditions}`, values);
  };

  return {
    async begin() {
      await other.query('begin');
    },
    async act(action) {
      try {
        await run(action);
        return 'done';
      } catch (error) {
        if (other.isRefusal(error)) return 'refused';
        throw error;
      }
    },
    async lock(table, id) {
      await other.query(`select 1 from ${NAMES[table]} where id = ? for update`, [id]);
    },
    async end(how) {
      await other.query(how);
    },
    isBlocked: async () => observer.isWaiting(await connectionId),
  };
}
