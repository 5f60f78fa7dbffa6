import { Socket } from 'node:net';
import pg from 'pg';
import type { ClusterDatabase, Connection } from './database.js';
import { toHoldings } from './holdings.js';
import type { AllocationRow, JobRow, Row } from './rows.js';
import { ALLOCATIONS, JOBS, listOf, readHoldings, rowOf, type SqlTable } from './sql.js';
import { isoOf } from './times.js';

const TABLES = `
CREATE TABLE jobs (
  id bigint NOT NULL,
  name text,
  state text NOT NULL,
  submit_time timestamptz,
  start_time timestamptz,
  end_time timestamptz,
  error_msg text,
  exit_code text,
  processors integer,
  user_id integer,
  queue integer
);
CREATE TABLE resource_allocations (
  id bigint NOT NULL,
  job_id bigint NOT NULL,
  status text NOT NULL,
  allocation_time timestamptz,
  released_time timestamptz,
  node text
);`;

/** Keys, and the indexes that jobsweep advises for PostgreSQL. */
const INDEXES = [
  'ALTER TABLE jobs ADD PRIMARY KEY (id)',
  'ALTER TABLE resource_allocations ADD PRIMARY KEY (id)',
  'ALTER TABLE resource_allocations ADD FOREIGN KEY (job_id) REFERENCES jobs',
  'CREATE INDEX ON resource_allocations (job_id)',
  `CREATE INDEX ON jobs (start_time, id) WHERE state = 'RUNNING'`,
  `CREATE INDEX ON jobs (end_time, id) WHERE state IN ('COMPLETED', 'FAILED', 'CANCELLED')`,
  `CREATE INDEX ON resource_allocations (id) WHERE status IN ('RESERVED', 'ALLOCATED')`,
  `CREATE INDEX ON resource_allocations (allocation_time, id) WHERE status = 'RESERVED'`,
] as const;

const TYPES = { id: 'bigint', text: 'text', time: 'timestamptz', number: 'integer' } as const;

/** Values as the server writes them, not as the driver would make them. */
const AS_TEXT = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

/** One connection to a PostgreSQL. */
export function connectPostgres(url: string): Connection {
  const socket = new Socket();
  const client = new pg.Client({ connectionString: url, application_name: 'jobsweep-demo', stream: () => socket });
  // A connection that breaks is reported by the statement that was waiting.
  client.on('error', () => undefined);
  return {
    async open() {
      await client.connect();
      return postgresDatabase(client);
    },
    close: () => client.end(),
    cut: () => void socket.destroy(),
  };
}

function postgresDatabase(client: Pick<pg.Client, 'query'>): ClusterDatabase {
  const rowsOf = async <Kind extends Row>(
    table: SqlTable,
    rest: string,
    values: readonly unknown[],
  ): Promise<Kind[]> => {
    const text = `SELECT ${listOf(table, micros)} FROM ${table.name} ${rest}`;
    const { rows } = await client.query<(string | null)[]>({
      text,
      values: [...values],
      rowMode: 'array',
      types: AS_TEXT,
    });
    return rows.map((row) => rowOf<Kind>(table, row));
  };
  return {
    async now() {
      const text = `SELECT ${micros('clock_timestamp()')}`;
      const { rows } = await client.query<[string]>({ text, rowMode: 'array', types: AS_TEXT });
      return Number(rows[0]?.[0]);
    },
    async createTables() {
      await client.query(TABLES);
    },
    async createIndexes() {
      for (const statement of INDEXES) await client.query(statement);
    },
    async insert({ jobs, allocations }) {
      const add = (table: SqlTable) => `INSERT INTO ${table.name} (${listOf(table)}) SELECT * FROM ${unnest(table)}`;
      await client.query(add(JOBS), arraysOf(JOBS, jobs));
      await client.query(add(ALLOCATIONS), arraysOf(ALLOCATIONS, allocations));
    },
    async replace({ jobs, allocations }) {
      await client.query(replacement(JOBS), arraysOf(JOBS, jobs));
      await client.query(replacement(ALLOCATIONS), arraysOf(ALLOCATIONS, allocations));
    },
    async find(jobIds) {
      const jobs = await rowsOf<JobRow>(JOBS, 'WHERE id = ANY ($1::bigint[]) ORDER BY id', [jobIds]);
      const rest = 'WHERE job_id = ANY ($1::bigint[]) ORDER BY job_id, id';
      return toHoldings(jobs, await rowsOf<AllocationRow>(ALLOCATIONS, rest, [jobIds]));
    },
    holdings: (jobsAtOnce) =>
      readHoldings(
        (rest, ...values) => rowsOf(JOBS, numbered(rest), values),
        (rest, ...values) => rowsOf(ALLOCATIONS, numbered(rest), values),
        jobsAtOnce,
      ),
    async analyze() {
      await client.query('ANALYZE jobs, resource_allocations');
    },
  };
}

/** `$1`, `$2` for question marks. */
function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${++count}`);
}

const micros = (time: string) => `(extract(epoch FROM ${time}) * 1000000)::bigint`;

/** Rows out of an array for each column. */
function unnest({ columns }: SqlTable): string {
  return `unnest(${columns.map(({ type }, index) => `$${index + 1}::${TYPES[type]}[]`).join(', ')})`;
}

function replacement(table: SqlTable): string {
  const assignments = table.columns.map(({ name }) => `${name} = new.${name}`).join(', ');
  return `UPDATE ${table.name} AS old SET ${assignments} FROM ${unnest(table)} AS new (${listOf(table)}) WHERE old.id = new.id`;
}

function arraysOf({ columns }: SqlTable, rows: readonly Row[]): unknown[][] {
  return columns.map(({ key, type }) =>
    rows.map((row) => {
      const value = row[key] ?? null;
      return type === 'time' && value !== null ? isoOf(Number(value)) : value;
    }),
  );
}
