import { createStrategies } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { DEFAULT_LAYOUT, describeLayout } from '../support/layout.js';
import { OPERATIONS, rowsFor } from '../support/operations.js';
import { changesOf, idsOf, job, seed } from '../support/rows.js';
import { ago, clock, DAY, HOUR, WRITTEN_NOW } from '../support/times.js';

const { jobs } = DEFAULT_LAYOUT;

describe('tables without a column for', () => {
  describeLayout('the error message', {
    tables: TABLES.replace('error_msg text, ', ''),
    schema: { jobs: { columns: { errorMsg: null } } },
    jobs: { ...jobs, errorMsg: null },
  });

  describeLayout('the exit code', {
    tables: TABLES.replace('exit_code text, ', ''),
    schema: { jobs: { columns: { exitCode: null } } },
    jobs: { ...jobs, exitCode: null },
  });

  describeLayout('the error message and the exit code, which are there but belong to others', {
    schema: { jobs: { columns: { errorMsg: null, exitCode: null } } },
    jobs: { ...jobs, errorMsg: null, exitCode: null },
  });
});

describe('tables of jobs alone', () => {
  const cluster = useCluster();
  const open = () => cluster.store({ schema: { allocations: null }, clock });
  const needsAllocations = /^(countC|countS|getC|getSta|releaseResourcesForC|cleanup)/;

  test.each(OPERATIONS.filter(({ name }) => needsAllocations.test(name)))(
    'offer no $name, and the error says what remains',
    async (operation) => {
      await seed(cluster.sql, rowsFor(operation));
      const { repository, transaction } = open();
      const changes = await changesOf(cluster.sql, async () => {
        await expect(transaction((trx) => operation.call(repository, trx))).rejects.toMatchObject({
          code: 'UNSUPPORTED_SCHEMA',
          message: expect.stringMatching(/What remains: stuck_job_cleanup, old_job_cleanup\./),
        });
      });
      expect(changes).toEqual({});
    },
  );

  test('offer the two strategies that need no more', () => {
    const store = open();
    expect(store.capabilities.strategies).toEqual(['stuck_job_cleanup', 'old_job_cleanup']);
    expect(createStrategies(store).map(({ name }) => name)).toEqual(['stuck_job_cleanup', 'old_job_cleanup']);
  });

  test('are repaired without a look at any other table', async () => {
    const old = { state: 'FAILED', end_time: ago(31 * DAY) };
    await seed(cluster.sql, { jobs: [job(1, { start_time: ago(49 * HOUR) }), job(2, old)] });
    await cluster.sql.query('alter table resource_allocations rename to elsewhere');
    const { repository, transaction } = open();
    const repair = () =>
      transaction(async (trx) => {
        const failed = await repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'too long');
        expect(idsOf(failed)).toEqual(['1']);
        expect(await repository.releaseResourcesForJobs(trx, failed)).toEqual([]);
        expect(await repository.deleteJobsBatch(trx, await repository.getOldJobs(trx, 30))).toBe(1);
      });
    const changes = await changesOf(cluster.sql, repair, { jobs: 'id' }).finally(() =>
      cluster.sql.query('alter table elsewhere rename to resource_allocations'),
    );
    const failed = { state: 'FAILED', end_time: WRITTEN_NOW, error_msg: 'too long', exit_code: '-2:0' };
    expect(changes).toEqual({ 'jobs/1': failed, 'jobs/2': 'deleted' });
  });
});
