import type { Database } from '../cluster/connection.js';

const SNAPSHOT = [
  'CREATE SCHEMA before_pass',
  'CREATE UNLOGGED TABLE before_pass.jobs AS TABLE jobs',
  'CREATE UNLOGGED TABLE before_pass.resource_allocations AS TABLE resource_allocations',
  'ALTER TABLE before_pass.jobs ADD PRIMARY KEY (id)',
  'ALTER TABLE before_pass.resource_allocations ADD PRIMARY KEY (id)',
  'CREATE INDEX ON before_pass.resource_allocations (job_id)',
  'ANALYZE before_pass.jobs, before_pass.resource_allocations',
] as const;

/** Copies every row into the schema `before_pass`, to compare with after the pass. */
export async function takeSnapshot(database: Database): Promise<void> {
  for (const statement of SNAPSHOT) await database.query(statement);
}
