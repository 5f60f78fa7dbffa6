import type { AllocationRow, Columns, JobRow, TableName, Tables } from '@jobsweep/contract';
import type { Client, QueryResultRow } from 'pg';

/** Makes the tables of the adapter anew, each with columns that jobsweep knows nothing of. */
export const CREATE_TABLES = `
  drop table if exists resource_allocations, jobs;
  create table jobs (
    id bigint primary key, name text, state text, start_time timestamptz, end_time timestamptz, error_msg text,
    exit_code text, tenant integer, pinned boolean, heartbeat timestamptz, note text);
  create table resource_allocations (
    id bigint primary key, job_id bigint references jobs (id), status text, allocation_time timestamptz,
    released_time timestamptz, note text);
  create index on resource_allocations (job_id)`;

export const TABLES: Readonly<Record<TableName, string>> = { jobs: 'jobs', allocations: 'resource_allocations' };

type Column = keyof Columns;

/** The columns in the words of the suite, as the tables have them. */
export const COLUMNS: Readonly<Record<Column, { readonly name: string; readonly type: string }>> = {
  id: { name: 'id', type: 'bigint' },
  name: { name: 'name', type: 'text' },
  state: { name: 'state', type: 'text' },
  startTime: { name: 'start_time', type: 'timestamptz' },
  endTime: { name: 'end_time', type: 'timestamptz' },
  errorMsg: { name: 'error_msg', type: 'text' },
  exitCode: { name: 'exit_code', type: 'text' },
  jobId: { name: 'job_id', type: 'bigint' },
  status: { name: 'status', type: 'text' },
  allocationTime: { name: 'allocation_time', type: 'timestamptz' },
  releasedTime: { name: 'released_time', type: 'timestamptz' },
  tenant: { name: 'tenant', type: 'integer' },
  pinned: { name: 'pinned', type: 'boolean' },
  heartbeat: { name: 'heartbeat', type: 'timestamptz' },
  note: { name: 'note', type: 'text' },
};

const COLUMNS_OF: Readonly<Record<TableName, readonly Column[]>> = {
  jobs: [
    'id',
    'name',
    'state',
    'startTime',
    'endTime',
    'errorMsg',
    'exitCode',
    'tenant',
    'pinned',
    'heartbeat',
    'note',
  ],
  allocations: ['id', 'jobId', 'status', 'allocationTime', 'releasedTime', 'note'],
};

export const columnsIn = (columns: Columns): Column[] => Object.keys(columns) as Column[];

/** A time as ISO 8601 in UTC with microseconds. */
export const timeText = (time: string): string =>
  `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * Adds rows in one statement, and gives their number. The suite's `now` needs no care: PostgreSQL reads that text as
 * its own clock.
 */
export async function insert(client: Client, table: TableName, rows: readonly Columns[]): Promise<number> {
  const columns = [...new Set(rows.flatMap(columnsIn))];
  if (columns.length === 0) return 0;
  const names = columns.map((column) => COLUMNS[column].name);
  const lists = columns.map((column, index) => `$${index + 1}::${COLUMNS[column].type}[]`);
  const values = columns.map((column) => rows.map((row) => row[column] ?? null));
  await client.query(
    `insert into ${TABLES[table]} (${names.join(', ')}) select * from unnest(${lists.join(', ')})`,
    values,
  );
  return rows.length;
}

/** Every row, whole, ordered by id; or some jobs and their allocations. */
export async function readAll(client: Client, jobIds: readonly string[] | null = null): Promise<Tables> {
  const read = async <Row extends QueryResultRow>(table: TableName, job: string) => {
    const columns = COLUMNS_OF[table].map((column) => {
      const { name, type } = COLUMNS[column];
      return `${type === 'timestamptz' ? timeText(name) : `${name}::text`} as "${column}"`;
    });
    const rows = `from ${TABLES[table]} where $1::bigint[] is null or ${job} = any($1) order by id`;
    return (await client.query<Row>(`select ${columns.join(', ')} ${rows}`, [jobIds])).rows;
  };
  return { jobs: await read<JobRow>('jobs', 'id'), allocations: await read<AllocationRow>('allocations', 'job_id') };
}
