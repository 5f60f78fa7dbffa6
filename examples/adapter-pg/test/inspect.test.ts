import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PgStoreOptions, pgStore } from '../src/index.js';
import { CREATE_TABLES } from './tables.js';

const database = freshDatabase('adapter-pg');
let pool: Pool;

beforeAll(async () => {
  pool = new Pool({ connectionString: database.url });
  await pool.query(CREATE_TABLES);
});
afterAll(() => pool.end());

const wrong = async (options: PgStoreOptions = {}) =>
  (await pgStore(pool, options).inspect.schema()).map(({ path, problem }) => `${path}: ${problem}`).sort();

test('a column that is missing or of another type is found', async () => {
  await pool.query('alter table jobs drop column exit_code; alter table jobs alter column start_time type timestamp');
  expect(await wrong()).toEqual([
    'jobs.exit_code: There is no column jobs.exit_code',
    'jobs.start_time: The column jobs.start_time is of type timestamp without time zone',
  ]);
  await pool.query('alter table jobs add column exit_code text, alter column start_time type timestamptz');
  expect(await wrong()).toEqual([]);
});

test('a column that filters name is to be there, and an age to be a time', async () => {
  expect(await wrong({ filters: { scope: { tenant: 7 }, ageColumn: 'heartbeat' } })).toEqual([]);
  const filters = { scope: { queue: 'gpu' }, exclude: { kept: true }, ageColumn: 'note' };
  expect(await wrong({ filters })).toEqual([
    'jobs.kept: There is no column jobs.kept',
    'jobs.note: The column jobs.note is of type text',
    'jobs.queue: There is no column jobs.queue',
  ]);
});

test('strategies that a scope rules out are not offered', () => {
  const offered = (options?: PgStoreOptions) => pgStore(pool, options).capabilities.strategies;
  expect(offered()).toContain('orphaned_allocation_cleanup');
  expect(offered({ filters: { scope: { tenant: 7 } } })).not.toContain('orphaned_allocation_cleanup');
});

test('the server tells its version, and that it takes writes', async () => {
  const server = await pgStore(pool).inspect.server();
  expect(server).toMatchObject({ product: 'PostgreSQL', isWritable: true, version: expect.stringMatching(/^\d+\./) });
});
