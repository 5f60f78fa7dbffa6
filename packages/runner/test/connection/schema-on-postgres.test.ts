import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRunner, diagnose } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { recordingLogger } from '../support/fakes.js';
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

  test('knows a column that a strategy of its own names, in a round, once started and in the doctor', async () => {
    await cluster.sql.query('alter table jobs add heartbeat timestamptz, add attempts int');
    const store = knexStore(cluster.knex, { filters: { ageColumn: 'heartbeat' } });
    const strategies = createStrategies(store, { stuck_job_cleanup: { requeue: { triesColumn: 'attempt' } } });
    const option = 'stuck_job_cleanup.requeue.triesColumn';
    const mistake = {
      code: 'SCHEMA_MISMATCH',
      message: [
        'The mapping does not fit the tables:',
        `- ${option}: Table "jobs" has no column "attempt". Set ${option} to the name of the column: did you mean attempts?`,
      ].join('\n'),
    };
    const runner = createRunner({ store, strategies });
    await expect(runner.runOnce()).rejects.toMatchObject(mistake);
    await expect(runner.start()).rejects.toMatchObject(mistake);
    expect((await runner.runOnce({ only: ['completed_job_cleanup'] })).ok).toBe(true);
    const { findings } = await diagnose(store, strategies, { told: { root: 'store.' } });
    expect(findings[0]).toMatchObject({ check: 'schema', severity: 'error', subject: `strategies.${option}` });
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

  test('lets no strategy go by a time that lies ahead, in a round, once started and in the doctor', async () => {
    await cluster.sql.query(`
      create index on jobs (start_time);
      update jobs set start_time = start_time + interval '100 days' where state = 'RUNNING'`);
    const store = knexStore(cluster.knex);
    const before = await cluster.everything();
    const mistake = {
      code: 'SCHEMA_MISMATCH',
      message: expect.stringContaining('17 of the 21 newest times lie more than 5 minutes ahead'),
    };
    const runner = createRunner({ store });
    await expect(runner.runOnce()).rejects.toMatchObject(mistake);
    await expect(runner.start()).rejects.toMatchObject(mistake);
    const { findings, checks } = await diagnose(store, createStrategies(store));
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'schema', severity: 'error', subject: 'schema.jobs.columns.startTime' }),
    );
    expect(checks.find(({ name }) => name === 'violations')).not.toMatchObject({ status: 'skipped' });
    expect(await cluster.everything()).toEqual(before);

    const others = await createRunner({ store }).runOnce({ only: ['completed_job_cleanup', 'old_job_cleanup'] });
    expect(statuses(others)).toMatchObject({ completed_job_cleanup: 'done', old_job_cleanup: 'done' });
  });

  test('warns of states and members of enums that nobody mapped, once, from a round and once started', async () => {
    await cluster.sql.query(`
      create type phase as enum ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'PAUSED', 'HELD');
      alter table jobs alter column state type phase using state::phase;
      update jobs set state = 'HELD' where id = 6;
      update resource_allocations set status = 'LEASED' where id = 6`);
    const warned = [
      "warn schema.jobs.states: 1 row has 'HELD', which nobody mapped. Map it in schema.jobs.states, or leave it: such rows are never written.",
      "warn schema.jobs.states: The type of the column allows 'PAUSED', which nobody mapped. Map it in schema.jobs.states, or leave it: rows that get it are never written.",
      "warn schema.allocations.statuses: 1 row has 'LEASED', which nobody mapped. Map it in schema.allocations.statuses, or leave it: such rows are never written.",
    ];
    const logger = recordingLogger();
    const warnings = () => logger.lines.filter((line) => line.includes('nobody mapped'));
    const runner = createRunner({ store: knexStore(cluster.knex), logger });
    await runner.runOnce();
    await runner.runOnce();
    expect(warnings()).toEqual(warned);
    logger.lines.length = 0;
    const other = createRunner({ store: knexStore(cluster.knex), logger });
    await other.start();
    await other.stop();
    expect(warnings()).toEqual(warned);
  });
});
