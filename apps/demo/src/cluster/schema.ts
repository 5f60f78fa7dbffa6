import type { Database } from './connection.js';

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
  'ANALYZE jobs, resource_allocations',
] as const;

/** The cluster's tables, still without keys so that loading them is quick. */
export async function createTables(database: Database): Promise<void> {
  await database.query(TABLES);
}

/** Keys and indexes, once the rows are there. */
export async function createIndexes(database: Database): Promise<void> {
  for (const statement of INDEXES) await database.query(statement);
}
