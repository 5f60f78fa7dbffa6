import { OldJobCleanupStrategy, runPass } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

const options = {
  schema: { jobs: { table: 'queued', columns: { errorMsg: null, exitCode: null } }, allocations: null },
  filters: { scope: { queue: 'mail' } },
} as const;

describeOnEngines(
  'keys that are unique within the scope alone',
  ({ time }) => ({
    queued: `id int, queue varchar(20), name varchar(40), state varchar(20), start_time ${time}, end_time ${time}, primary key (queue, id)`,
  }),
  (of) => {
    test('of jobs that were failed are not those of the same key elsewhere', async () => {
      const job = { state: 'RUNNING', start_time: '2020-01-02 00:00:00' };
      const jobs = [1, 2].map((id) => ({ ...job, id, queue: 'mail', name: 'mail' }));
      await of.knex('queued').insert([...jobs, { ...job, id: 1, queue: 'sync', name: 'sync', state: 'FAILED' }]);
      await of.within(options, async (repository, trx) => {
        const found = await repository.getStuckJobs(trx, 48);
        const failed = await repository.markJobsAsFailed(trx, found, 'Stuck');
        expect(failed.map(({ id, name }) => [id, name])).toEqual([
          ['1', 'mail'],
          ['2', 'mail'],
        ]);
      });
    });

    test('name the rows of the scope and no others', async () => {
      const job = { state: 'COMPLETED', end_time: '2020-01-02 00:00:00' };
      const rows = [1, 2, 3].flatMap((id) => ['mail', 'sync'].map((queue) => ({ ...job, id, queue, name: queue })));
      await of.knex('queued').insert(rows);
      const store = of.store(options);
      const found = await of.within(options, (repository, trx) => repository.getOldJobs(trx, 30));
      expect(found.map(({ id, name }) => [id, name])).toEqual([
        ['1', 'mail'],
        ['2', 'mail'],
        ['3', 'mail'],
      ]);
      expect(await runPass(store, new OldJobCleanupStrategy(store.repository))).toMatchObject({ itemsCleaned: 3 });
      expect(await of.knex('queued').distinct('queue').pluck('queue')).toEqual(['sync']);
    });
  },
);
