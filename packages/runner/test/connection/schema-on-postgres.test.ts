import { knexStore } from '@jobsweep/repo-knex';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { statuses } from '../support/reports.js';

const cluster = useCluster();

describe('A runner on tables that do not fit its mapping', () => {
  beforeEach(() => cluster.damage());

  test('lists every mistake at the first round, touches nothing, and works once they are fixed', async () => {
    await cluster.sql.query(`
      alter table jobs rename column exit_code to code;
      alter table jobs alter column end_time type text using end_time::text;
      alter table resource_allocations rename to held`);
    const runner = createRunner({ store: knexStore(cluster.knex) });
    const before = await cluster.sql.query('select xmin::text, * from jobs order by id');

    await expect(runner.runOnce()).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      message: expect.stringMatching(
        /jobs\.columns\.endTime: .*text.*\n.*jobs\.columns\.exitCode: .*"exit_code".*\n.*allocations\.table: .*"resource_allocations"/,
      ),
    });
    expect((await cluster.sql.query('select xmin::text, * from jobs order by id')).rows).toEqual(before.rows);

    await cluster.sql.query(`
      alter table jobs rename column code to exit_code;
      alter table jobs alter column end_time type timestamptz using end_time::timestamptz;
      alter table held rename to resource_allocations`);
    expect(statuses(await runner.runOnce())).toMatchObject({
      completed_job_cleanup: 'done',
      stuck_job_cleanup: 'done',
    });
  });

  test('names each option as it is written, and the column that was probably meant', async () => {
    const options = { schema: { jobs: { columns: { exitCode: 'exitcode' } } }, filters: { ageColumn: 'startTime' } };
    await expect(createRunner({ store: knexStore(cluster.knex, options) }).runOnce()).rejects.toMatchObject({
      message: [
        'The mapping does not fit the tables:',
        '- schema.jobs.columns.exitCode: Table "jobs" has no column "exitcode". Set schema.jobs.columns.exitCode to the name of the column: did you mean exit_code?',
        '- filters.ageColumn: Table "jobs" has no column "startTime". Set filters.ageColumn to the name of the column: did you mean start_time?',
      ].join('\n'),
    });
  });

  test('needs no allocations table for the strategies that do without', async () => {
    await cluster.sql.query('drop table resource_allocations');
    const runner = createRunner({ store: knexStore(cluster.knex, { schema: { allocations: null } }) });
    const report = await runner.runOnce({ only: ['stuck_job_cleanup', 'old_job_cleanup'] });
    expect(report.strategies.map(({ name, pass }) => [name, pass?.itemsCleaned])).toEqual([
      ['stuck_job_cleanup', 14],
      ['old_job_cleanup', 1],
    ]);
  });
});
