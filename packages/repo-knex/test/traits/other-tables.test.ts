import type { FilterOptions } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

/** People annotate what they want to keep. */
const ANNOTATED = { exists: { table: 'annotations', key: 'job_id', where: { kind: 'keep' } } };
const KEPT: FilterOptions = { exclude: ANNOTATED };

for (const engine of enginesOfRun()) {
  const isPostgres = engine === 'postgres';

  describe(`On ${engine}, filters that look into another table`, () => {
    const database = freshDatabase('other-tables', engine);
    const open: { knex?: Knex } = {};
    const knex = () => {
      if (open.knex === undefined) throw new Error('knex is made in beforeAll');
      return open.knex;
    };
    const store = (filters?: FilterOptions) => knexStore(knex(), filters && { filters });
    const annotate = (jobId: number, kind = 'keep') => knex()('annotations').insert({ job_id: jobId, kind });
    const jobsThere = async () => (await knex()('jobs').orderBy('id').pluck<(number | string)[]>('id')).map(String);

    beforeAll(async () => {
      const [client, time] = isPostgres ? ['pg', 'timestamptz'] : ['mysql2', 'datetime(6)'];
      open.knex = createKnex({ client, connection: database.url, pool: { min: 0, max: 4 } });
      await knex().raw(
        `create table jobs (id int primary key, name varchar(40), state varchar(40), start_time ${time}, end_time ${time},
           error_msg text, exit_code text, parent int)`,
      );
      await knex().raw(
        `create table resource_allocations (id int primary key, job_id int, status varchar(40), allocation_time ${time},
           released_time ${time})`,
      );
      await knex().raw(
        'create table annotations (job_id int, kind varchar(40), foreign key (job_id) references jobs (id) on delete cascade)',
      );
    });
    afterAll(() => open.knex?.destroy());
    beforeEach(async () => {
      for (const table of ['annotations', 'resource_allocations', 'jobs']) await knex()(table).delete();
      const [began, ended] = ['2020-01-01 00:00:00', '2020-01-02 00:00:00'];
      await knex()('jobs').insert([
        ...[1, 2, 3].map((id) => ({ id, state: 'COMPLETED', start_time: began, end_time: ended })),
        ...[4, 5, 6].map((id) => ({ id, state: 'RUNNING', start_time: began })),
      ]);
      await knex()('resource_allocations').insert([1, 2, 3].map((id) => ({ id, job_id: id, status: 'ALLOCATED' })));
      await annotate(2);
      await annotate(3, 'other');
      await annotate(5);
    });

    test('are what is found', async () => {
      const found = ({ repository, transaction }: ReturnType<typeof store>) =>
        transaction(async (trx) => ({
          held: (await repository.getCompletedJobsWithUnreleasedResources(trx)).map(({ jobId }) => jobId),
          stuck: (await repository.getStuckJobs(trx, 48)).map(({ id }) => id),
          old: (await repository.getOldJobs(trx, 30)).map(({ id }) => id),
        }));
      expect(await found(store(KEPT))).toEqual({ held: ['1', '3'], stuck: ['4', '6'], old: ['1', '3'] });
      expect(await found(store({ scope: ANNOTATED }))).toEqual({ held: ['2'], stuck: ['5'], old: ['2'] });
    });

    test('are what is written, whatever else is given', async () => {
      const { repository, transaction } = store();
      const kept = store(KEPT).repository;
      await transaction(async (trx) => {
        const held = await repository.getCompletedJobsWithUnreleasedResources(trx);
        expect(await kept.releaseResourcesForCompletedJobs(trx, held)).toBe(2);
        const failed = await kept.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'Stuck');
        expect(failed.map(({ id }) => id)).toEqual(['4', '6']);
        expect(await kept.deleteJobsBatch(trx, await repository.getOldJobs(trx, 30))).toBe(2);
      });
      expect(await jobsThere()).toEqual(['2', '4', '5', '6']);
    });

    test('keep a job that got a row there since it was read', async () => {
      const { repository, transaction } = store(KEPT);
      const [stuck, old, held] = await transaction(
        async (trx) =>
          [
            await repository.getStuckJobs(trx, 48),
            await repository.getOldJobs(trx, 30),
            await repository.getCompletedJobsWithUnreleasedResources(trx),
          ] as const,
      );
      await annotate(1);
      await annotate(4);
      await transaction(async (trx) => {
        expect((await repository.markJobsAsFailed(trx, stuck, 'Stuck')).map(({ id }) => id)).toEqual(['6']);
        expect(await repository.releaseResourcesForCompletedJobs(trx, held)).toBe(1);
        expect(await repository.deleteJobsBatch(trx, old)).toBe(1);
      });
      expect(await jobsThere()).toEqual(['1', '2', '4', '5', '6']);
    });

    test('may look at other rows of the jobs table', async () => {
      await knex()('jobs').where({ id: 4 }).update({ parent: 1 });
      await knex()('jobs').where({ id: 3 }).update({ parent: 2 });
      await knex()('resource_allocations').delete();
      const parents = { table: 'jobs', key: 'parent', where: { state: 'RUNNING' } };
      const { repository, transaction } = store({ exclude: { exists: parents } });
      await transaction(async (trx) => {
        const old = await store().repository.getOldJobs(trx, 30);
        expect((await repository.getOldJobs(trx, 30)).map(({ id }) => id)).toEqual(['2', '3']);
        expect(await repository.deleteJobsBatch(trx, old)).toBe(2);
        const stuck = await repository.getStuckJobs(trx, 48);
        expect((await repository.markJobsAsFailed(trx, stuck, 'Stuck')).map(({ id }) => id)).toEqual(['4', '5', '6']);
      });
      expect(await jobsThere()).toEqual(['1', '4', '5', '6']);
    });

    test('that are not as the database has them are told of', async () => {
      const exists = { table: 'annotation', key: 'job_id' };
      expect(await store({ exclude: { exists } }).inspect.schema()).toMatchObject([
        { path: 'filters.exclude.exists.table' },
      ]);
      const filters = { exclude: { exists: { table: 'annotations', key: 'job', where: { note: 'keep' } } } };
      expect(await store(filters).inspect.schema()).toMatchObject([
        { path: 'filters.exclude.exists.key' },
        { path: 'filters.exclude.exists.where.note' },
      ]);
      expect(await store(KEPT).inspect.schema()).toEqual([]);
    });
  });
}
