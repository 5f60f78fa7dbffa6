import { createConnection } from 'mysql2';
import type { Connection as Server } from 'mysql2/promise';
import type { ClusterDatabase, Connection } from './database.js';
import { toHoldings } from './holdings.js';
import type { AllocationRow, JobRow, Row } from './rows.js';
import { ALLOCATIONS, JOBS, listOf, readHoldings, rowOf, type SqlTable } from './sql.js';
import { isoOf } from './times.js';

/**
 * Rows lie in the order of the primary key here, so it is there from the start. The character set of a new table is the
 * server's, unless said.
 */
const TABLES = [
  `CREATE TABLE jobs (
    id bigint PRIMARY KEY,
    name varchar(255),
    state varchar(32) NOT NULL,
    submit_time datetime(6),
    start_time datetime(6),
    end_time datetime(6),
    error_msg text,
    exit_code varchar(32),
    processors int,
    user_id int,
    queue int
  ) CHARACTER SET utf8mb4`,
  `CREATE TABLE resource_allocations (
    id bigint PRIMARY KEY,
    job_id bigint NOT NULL,
    status varchar(32) NOT NULL,
    allocation_time datetime(6),
    released_time datetime(6),
    node varchar(255)
  ) CHARACTER SET utf8mb4`,
] as const;

/** There are no partial indexes: the state or status comes first instead. */
const INDEXES = [
  'ALTER TABLE resource_allocations ADD INDEX (job_id), ADD FOREIGN KEY (job_id) REFERENCES jobs (id)',
  'ALTER TABLE jobs ADD INDEX (state, start_time, id), ADD INDEX (state, end_time, id)',
  'ALTER TABLE resource_allocations ADD INDEX (status, id), ADD INDEX (status, allocation_time, id)',
] as const;

/** One connection to a MySQL or MariaDB. */
export function connectMysql(url: string): Connection {
  // Values as the server writes them, not as the driver would make them.
  const connection = createConnection({ uri: url, rowsAsArray: true, typeCast: (field) => field.string() });
  // A connection that breaks is reported by the statement that was waiting.
  connection.on('error', () => undefined);
  const server = connection.promise();
  return {
    async open() {
      await server.connect();
      return mysqlDatabase(server);
    },
    close: () => server.end(),
    cut: () => connection.destroy(),
  };
}

function mysqlDatabase(server: Server): ClusterDatabase {
  const query = async (text: string, values: readonly unknown[] = []) => (await server.query(text, [...values]))[0];
  const rowsOf = async <Kind extends Row>(
    table: SqlTable,
    rest: string,
    values: readonly unknown[],
  ): Promise<Kind[]> => {
    const rows = await query(`SELECT ${listOf(table, micros)} FROM ${table.name} ${rest}`, values);
    return (rows as (string | null)[][]).map((row) => rowOf<Kind>(table, row));
  };
  const add = async (table: SqlTable, rows: readonly Row[], then = '') => {
    if (rows.length === 0) return;
    await query(`INSERT INTO ${table.name} (${listOf(table)}) VALUES ? ${then}`, [valuesOf(table, rows)]);
  };
  return {
    async now() {
      const rows = (await query(`SELECT ${micros('utc_timestamp(6)')}`)) as [string][];
      return Number(rows[0]?.[0]);
    },
    async createTables() {
      for (const statement of TABLES) await query(statement);
    },
    async createIndexes() {
      for (const statement of INDEXES) await query(statement);
    },
    async insert({ jobs, allocations }) {
      await add(JOBS, jobs);
      await add(ALLOCATIONS, allocations);
    },
    async replace({ jobs, allocations }) {
      await add(JOBS, jobs, overwriting(JOBS));
      await add(ALLOCATIONS, allocations, overwriting(ALLOCATIONS));
    },
    async find(jobIds) {
      if (jobIds.length === 0) return [];
      const jobs = await rowsOf<JobRow>(JOBS, 'WHERE id IN (?) ORDER BY id', [jobIds]);
      const rest = 'WHERE job_id IN (?) ORDER BY job_id, id';
      return toHoldings(jobs, await rowsOf<AllocationRow>(ALLOCATIONS, rest, [jobIds]));
    },
    holdings: (jobsAtOnce) =>
      readHoldings(
        (rest, ...values) => rowsOf(JOBS, rest, values),
        (rest, ...values) => rowsOf(ALLOCATIONS, rest, values),
        jobsAtOnce,
      ),
    async analyze() {
      await query('ANALYZE TABLE jobs, resource_allocations');
    },
  };
}

const micros = (time: string) => `timestampdiff(microsecond, '1970-01-01', ${time})`;

function overwriting({ columns }: SqlTable): string {
  return `ON DUPLICATE KEY UPDATE ${columns.map(({ name }) => `${name} = VALUES(${name})`).join(', ')}`;
}

function valuesOf({ columns }: SqlTable, rows: readonly Row[]): unknown[][] {
  return rows.map((row) =>
    columns.map(({ key, type }) => {
      const value = row[key] ?? null;
      return type === 'time' && value !== null ? isoOf(Number(value)).slice(0, -1).replace('T', ' ') : value;
    }),
  );
}
