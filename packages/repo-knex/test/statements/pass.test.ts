import { createStrategies, runPass, USUAL_STRATEGY_NAMES, type UsualStrategyName } from '@jobsweep/core';
import { connectPlain, type Plain } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { statementsOf } from '../plans/support/statements.js';
import { shapeOf } from './support/shape.js';

const ROWS = 3;

/** A state, a status and an age in days that a strategy acts on. No state: there is no such job. */
const DUE: Record<UsualStrategyName, readonly [state: string | null, status: string, days: number]> = {
  completed_job_cleanup: ['COMPLETED', 'ALLOCATED', 1],
  stale_reservation_cleanup: ['RUNNING', 'RESERVED', 1],
  stuck_job_cleanup: ['RUNNING', 'ALLOCATED', 9],
  old_job_cleanup: ['FAILED', 'RELEASED', 90],
  orphaned_allocation_cleanup: [null, 'ALLOCATED', 1],
};

const ALLOCATION = 'id, job_id, status, allocation_time, released_time';
const JOB = 'id, state, start_time, end_time, name';
/** Of a job beside its allocation: the same five. */
const BESIDE = 'jobsweep_0, jobsweep_1, jobsweep_2, jobsweep_3, jobsweep_4';
/** What it costs to know that there is something. */
const COUNT = 'select resource_allocations, jobs: ';
const FAIL = 'update jobs set state, end_time, error_msg, exit_code';
const RELEASE = 'update resource_allocations set status, released_time';

/** MySQL and MariaDB put pages of several states together from one of each, and tell of changed rows when they are asked. */
function expected(name: UsualStrategyName, isPostgres: boolean): string[] {
  const branches = (states: number) => (isPostgres ? '' : ` in ${states} branches`);
  const written = (update: string, table: string, columns: string) =>
    isPostgres ? [`${update}: ${columns}`] : [update, `select ${table}: ${columns}`];
  const failed = written(FAIL, 'jobs', `${JOB}, error_msg, exit_code`);
  const released = written(RELEASE, 'resource_allocations', ALLOCATION);
  switch (name) {
    case 'completed_job_cleanup': {
      const page = `select resource_allocations, jobs: ${ALLOCATION}, ${BESIDE}${branches(2)}`;
      const locks = ['lock jobs: id, start_time', 'lock resource_allocations: id, job_id, status, allocation_time'];
      return [COUNT, page, ...locks, ...released, page];
    }
    case 'stale_reservation_cleanup': {
      const page = `select resource_allocations, jobs: ${ALLOCATION}, ${BESIDE}`;
      const locks = ['lock jobs: id, start_time', 'lock resource_allocations: id, job_id, status, allocation_time'];
      return [COUNT, page, ...locks, 'select resource_allocations: k0, n', ...failed, ...released, page];
    }
    case 'stuck_job_cleanup': {
      const page = `select jobs: ${JOB}`;
      // Jobs that were just failed are locked already: the state is a condition on what they hold.
      const lock = 'lock resource_allocations, jobs: id, job_id, status, allocation_time';
      const report = `select resource_allocations: ${ALLOCATION}`;
      return [page, 'lock jobs: id, state, start_time, end_time', ...failed, lock, ...released, report, page];
    }
    case 'old_job_cleanup': {
      const page = `select jobs, resource_allocations: ${JOB}${branches(3)}`;
      const locks = [
        'lock jobs: id, state, start_time, end_time',
        'lock resource_allocations: id, job_id, status, allocation_time',
      ];
      const deletes = ['delete resource_allocations', 'delete jobs'];
      return [page, ...locks, 'select resource_allocations: k0, n', ...deletes, page];
    }
    case 'orphaned_allocation_cleanup': {
      const page = `select resource_allocations, jobs: ${ALLOCATION}${branches(2)}`;
      // Jobs that are not there cannot be locked: those that others hold are asked for besides.
      const locks = ['lock resource_allocations: id, job_id, status, allocation_time', 'lock jobs: id'];
      return [page, ...locks, 'select jobs: id', ...released, page];
    }
  }
}

/** What is asked once, of the server and of each table. */
const ONCE = [
  'select version() as version',
  "select current_setting('server_version_num') as number, current_setting('server_version') as version",
  'select : name',
];

for (const engine of enginesOfRun()) {
  describe(`On ${engine}, a pass of one full page and an empty one`, () => {
    const database = freshDatabase('repo-knex-statements', engine);
    let knex: Knex;
    let sql: Plain;

    beforeAll(async () => {
      const client = engine === 'postgres' ? 'pg' : 'mysql2';
      knex = createKnex({ client, connection: database.url, pool: { min: 0, max: 2 } });
      sql = await connectPlain(database.url);
      const time = sql.types.utcDateTime === 'timestamp' ? 'timestamptz' : 'datetime(6)';
      await sql.query(`create table jobs (id bigint primary key, name varchar(20), state varchar(20), start_time ${time},
        end_time ${time}, error_msg text, exit_code varchar(20))`);
      await sql.query(`create table resource_allocations (id bigint primary key, job_id bigint, status varchar(20),
        allocation_time ${time}, released_time ${time})`);
    });
    beforeEach(async () => {
      await sql.query('delete from resource_allocations');
      await sql.query('delete from jobs');
    });
    afterAll(async () => {
      await Promise.all([knex.destroy(), sql.close()]);
    });

    /** The statements of a pass in short: those that read or write tables, and those that rule its transactions. */
    async function statementsOfPass(name: UsualStrategyName) {
      const [state, status, days] = DUE[name];
      const then = sql.timeValue(new Date(Date.now() - days * 86_400_000).toISOString());
      for (let id = 1; id <= ROWS; id += 1) {
        const end = state === 'RUNNING' ? null : then;
        const job = [id, state, then, end];
        if (state !== null)
          await sql.query('insert into jobs (id, state, start_time, end_time) values (?, ?, ?, ?)', job);
        await sql.query('insert into resource_allocations (id, job_id, status, allocation_time) values (?, ?, ?, ?)', [
          id,
          id,
          status,
          then,
        ]);
      }
      const store = knexStore(knex);
      const strategy = createStrategies(store).find((each) => each.name === name);
      if (strategy === undefined) throw new Error(`No strategy ${name}`);
      let cleaned = 0;
      const statements = await statementsOf(knex, async () => {
        cleaned = (await runPass(store, strategy, { batchRows: ROWS, pauseFraction: 0 })).itemsCleaned;
      });
      expect(cleaned).toBe(ROWS);
      const shapes = statements.map((each) => shapeOf(each.sql));
      const isData = (shape: string) => /^(select|lock|update|delete) (jobs|resource_allocations)/.test(shape);
      return { data: shapes.filter(isData), control: shapes.filter((shape) => !isData(shape)) };
    }

    test.each(USUAL_STRATEGY_NAMES)('of %s fetches, locks and writes just this', async (name) => {
      const { data, control } = await statementsOfPass(name);
      expect(data).toEqual(expected(name, engine === 'postgres'));
      // What is read first has no transaction around it, and needs the clock: the check, where there is one, and each page.
      const looks = data[0] === COUNT ? 3 : 2;
      // The transaction is one of a page. PostgreSQL takes BEGIN and bounds in one; the others are asked for their bounds, told
      // others, and told again what they were.
      const once = control.filter((shape) => !ONCE.includes(shape));
      expect(once).toHaveLength(looks + (engine === 'postgres' ? 2 : 5));
    });
  });
}
