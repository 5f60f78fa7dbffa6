import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { asksForWholeSuite, connectPlain, type Plain } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../fixtures/measured-pass.mjs', import.meta.url));
const MIB = 2 ** 20;

/** What a pass may take that is given a thousand rows at a time, however much is in them. */
const MOST = { grownBytes: 150 * MIB, bytesOfTransaction: 4 * MIB };

interface Measured {
  readonly stopReason: string;
  readonly itemsCleaned: number;
  readonly transactions: number;
  readonly bytesOfTransaction: number;
  readonly grownBytes: number;
}

// The others keep what is long as it is, and need minutes to write it.
const engines = enginesOfRun().filter((engine) => engine === 'postgres' || asksForWholeSuite());

describe.each(engines)('What a pass brings here and keeps, on %s,', (engine) => {
  const database = freshDatabase('repo-knex-sizes', engine);
  let sql: Plain;

  beforeAll(async () => {
    sql = await connectPlain(database.url);
    const [time, long] =
      sql.types.utcDateTime === 'timestamp' ? ['timestamptz', 'text'] : ['datetime(6)', 'mediumtext'];
    await sql.query(`create table jobs (id bigint primary key, name ${long}, state varchar(20), start_time ${time},
      end_time ${time}, error_msg ${long}, exit_code varchar(20))`);
    await sql.query(`create table resource_allocations (id bigint primary key, job_id bigint, status varchar(20),
      allocation_time ${time}, released_time ${time})`);
    await sql.query('create index of_job on resource_allocations (job_id)');
  });
  beforeEach(async () => {
    await sql.query('delete from resource_allocations');
    await sql.query('delete from jobs');
  });
  afterAll(() => sql.close());

  const old = () => sql.timeValue(new Date(Date.now() - 90 * 86_400_000).toISOString());
  /** Makes as many rows as there are once more, some times. */
  const double = async (table: string, columns: string, rows: number, times: number) => {
    for (let many = rows, time = 0; time < times; time += 1, many *= 2)
      await sql.query(`insert into ${table} (id, ${columns}) select id + ${many}, ${columns} from ${table}`);
  };
  const measured = async (strategy: string): Promise<Measured> => {
    const args = [PROGRAM, engine === 'postgres' ? 'pg' : 'mysql2', database.url, strategy];
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as Measured;
  };
  const expectWithinBounds = (pass: Measured) => {
    expect(pass.stopReason).toBe('drained');
    expect(pass.grownBytes).toBeLessThan(MOST.grownBytes);
    expect(pass.bytesOfTransaction).toBeLessThan(MOST.bytesOfTransaction);
  };

  test.each([
    ['old_job_cleanup', 'COMPLETED'],
    ['stuck_job_cleanup', 'RUNNING'],
  ])('is bounded in %s of jobs with names and messages of a million characters', async (strategy, state) => {
    const doublings = engine === 'postgres' ? 10 : 7;
    await sql.query(
      `insert into jobs (id, name, error_msg, state, start_time, end_time)
       values (1, repeat('n', 1000000), repeat('m', 1000000), '${state}', ?, ?)`,
      [old(), state === 'RUNNING' ? null : old()],
    );
    await double('jobs', 'name, error_msg, state, start_time, end_time', 1, doublings);
    const pass = await measured(strategy);
    expectWithinBounds(pass);
    expect(pass.itemsCleaned).toBe(2 ** doublings);
  });

  if (!asksForWholeSuite()) return;

  test.each([
    ['old_job_cleanup', 'COMPLETED', 'RELEASED'],
    ['stuck_job_cleanup', 'RUNNING', 'ALLOCATED'],
  ])(
    'is bounded in %s of a job with 300 thousand allocations',
    async (strategy, state, status) => {
      const end = state === 'RUNNING' ? null : old();
      await sql.query(`insert into jobs (id, state, start_time, end_time) values (1, '${state}', ?, ?)`, [old(), end]);
      const values = Array.from({ length: 150 }, (_, index) => `(${index + 1}, 1, '${status}')`);
      await sql.query(`insert into resource_allocations (id, job_id, status) values ${values.join(', ')}`);
      await double('resource_allocations', 'job_id, status', 150, 11);
      const pass = await measured(strategy);
      expectWithinBounds(pass);
      expect(pass.itemsCleaned).toBe(1);
      expect(pass.transactions).toBeGreaterThan((150 * 2 ** 11) / 5000);
    },
    240_000,
  );
});
