import type { SchemaOptions } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

/** A queue without a column of states: what a row is shows in who has it, whether it is done, and what went wrong. */
const QUEUE: SchemaOptions = {
  jobs: {
    table: 'tasks',
    columns: { name: 'task', startTime: 'locked_at', endTime: 'done_at', errorMsg: null, exitCode: null },
    states: {
      PENDING: { when: { done_at: null, locked_by: null } },
      RUNNING: { when: { done_at: null, locked_by: { isNot: null } } },
      COMPLETED: { when: { done_at: { isNot: null }, is_ok: true } },
      FAILED: {
        when: { done_at: { isNot: null }, is_ok: false },
        set: {
          locked_by: null,
          error: { json: { code: 'swept', said: [{ text: 'errorMsg' }] } },
          code: { number: 'exitCode' },
          tries: { increment: 1 },
          seen_at: { now: true },
        },
      },
    },
  },
  allocations: {
    table: 'slots',
    columns: { jobId: 'task_id', allocationTime: 'taken_at', releasedTime: 'free_at' },
    statuses: { ALLOCATED: { when: { free_at: null } }, RELEASED: { when: { free_at: { isNot: null } } } },
  },
};

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

for (const engine of enginesOfRun()) {
  const isPostgres = engine === 'postgres';

  describe(`On ${engine}, states that conditions tell`, () => {
    const database = freshDatabase('told-by-conditions', engine);
    const open: { knex?: Knex } = {};
    const knex = () => {
      if (open.knex === undefined) throw new Error('knex is made in beforeAll');
      return open.knex;
    };
    const store = (schema = QUEUE) => knexStore(knex(), { schema });
    const task = async (id: number) => (await knex()('tasks').where({ id }))[0] as Record<string, unknown>;

    beforeAll(async () => {
      const [client, time, json] = isPostgres ? ['pg', 'timestamptz', 'jsonb'] : ['mysql2', 'datetime(6)', 'json'];
      open.knex = createKnex({ client, connection: database.url, pool: { min: 0, max: 2 } });
      await knex().raw(
        `create table tasks (id int primary key, task varchar(40), locked_at ${time}, locked_by varchar(40), done_at ${time},
           is_ok boolean, error ${json}, code int, tries int not null default 0, seen_at ${time})`,
      );
      await knex().raw(
        `create table slots (id int primary key, task_id int, taken_at ${time}, free_at ${time}, index of_task (task_id))`.replace(
          isPostgres ? ', index of_task (task_id)' : '',
          '',
        ),
      );
    });
    afterAll(() => open.knex?.destroy());
    beforeEach(async () => {
      await knex()('slots').delete();
      await knex()('tasks').delete();
      const old = '2020-01-01 00:00:00';
      await knex()('tasks').insert([
        { id: 1, task: 'waits' },
        { id: 2, task: 'runs', locked_at: old, locked_by: 'w1' },
        { id: 3, task: 'done', locked_at: old, done_at: old, is_ok: true },
        { id: 4, task: 'failed', locked_at: old, done_at: old, is_ok: false },
        // Done, and nobody knows how.
        { id: 5, task: 'unclear', locked_at: old, done_at: old },
      ]);
      await knex()('slots').insert(
        [1, 2, 3, 4, 5].map((id) => ({ id, task_id: id, taken_at: old, free_at: id === 4 ? old : null })),
      );
    });

    test('are what is found', async () => {
      const { repository, transaction } = store();
      await transaction(async (trx) => {
        const held = await repository.getCompletedJobsWithUnreleasedResources(trx);
        expect(held).toMatchObject([{ id: '3', status: 'ALLOCATED', job: { id: '3', state: 'COMPLETED' } }]);
        expect(await repository.getStuckJobs(trx, 48)).toMatchObject([{ id: '2', state: 'RUNNING' }]);
        expect(await repository.getOldJobs(trx, 30)).toMatchObject([
          { id: '3', state: 'COMPLETED' },
          { id: '4', state: 'FAILED' },
        ]);
      });
    });

    test('are what a repair writes, with all that goes with it', async () => {
      const { repository, transaction } = store();
      await transaction(async (trx) => {
        const stuck = await repository.getStuckJobs(trx, 48);
        const failed = await repository.markJobsAsFailed(trx, stuck, 'Stuck: "no sign"');
        expect(failed).toMatchObject([{ id: '2', state: 'FAILED' }]);
        expect(await repository.releaseResourcesForJobs(trx, failed)).toMatchObject([{ id: '2', status: 'RELEASED' }]);
        const held = await repository.getCompletedJobsWithUnreleasedResources(trx);
        expect(await repository.releaseResourcesForCompletedJobs(trx, held)).toBe(1);
      });
      const { is_ok: isOk, error, ...failed } = await task(2);
      expect(failed).toMatchObject({ task: 'runs', locked_by: null, code: -2, tries: 1 });
      expect(isOk).toBe(isPostgres ? false : 0);
      expect(failed.seen_at).toEqual(failed.done_at);
      expect(typeof error === 'string' ? JSON.parse(error) : error).toEqual({
        code: 'swept',
        said: ['Stuck: "no sign"'],
      });
      const free = await knex()('slots').whereNotNull('free_at').orderBy('id');
      expect(free.map(({ id }: { id: number }) => id)).toEqual([2, 3, 4]);
    });

    test('keep a job alone that left its state since it was read', async () => {
      const { repository, transaction } = store();
      const stuck = await transaction((trx) => repository.getStuckJobs(trx, 48));
      await knex()('tasks').where({ id: 2 }).update({ locked_by: null });
      expect(await transaction((trx) => repository.markJobsAsFailed(trx, stuck, 'Stuck'))).toEqual([]);
      expect(await task(2)).toMatchObject({ done_at: null, tries: 0 });
    });

    test('keep a job alone that somebody else took since it was read', async () => {
      const { repository, transaction } = store();
      const stuck = await transaction((trx) => repository.getStuckJobs(trx, 48));
      await knex()('tasks').where({ id: 2 }).update({ locked_by: 'w2' });
      expect(await transaction((trx) => repository.markJobsAsFailed(trx, stuck, 'Stuck'))).toEqual([]);
      expect(await task(2)).toMatchObject({ done_at: null, locked_by: 'w2' });
    });

    test('are deleted with what they held', async () => {
      const { repository, transaction } = store();
      await transaction(async (trx) => {
        expect(await repository.deleteJobsBatch(trx, await repository.getOldJobs(trx, 30))).toBe(1);
      });
      expect(ids(await knex()('tasks').orderBy('id'))).toEqual([1, 2, 3, 5]);
      expect(ids(await knex()('slots').orderBy('id'))).toEqual([1, 2, 3, 5]);
    });

    test('are missing from rows that meet no condition, which are told of', async () => {
      const { inspect } = store();
      const found = [{ table: 'jobs', meets: 'none', rows: 1 }];
      expect(await inspect.diagnosis?.unknownStates()).toEqual(found);
      expect(await inspect.diagnosis?.unknownStates({ newest: 10 })).toEqual(found);
      expect(await inspect.schema()).toEqual([]);
    });

    test('do not keep times that lie ahead from being told of, where an index has them in order', async () => {
      await knex().schema.alterTable('tasks', (table) => table.index(['locked_at'], 'by_lock'));
      const inAnHour = new Date(Date.now() + 3_600_000);
      await knex()('tasks').update({ locked_at: inAnHour });
      expect(await store().inspect.schema()).toMatchObject([
        { path: 'schema.jobs.columns.startTime', severity: 'error', strategies: ['stuck_job_cleanup'] },
      ]);
      await knex().schema.alterTable('tasks', (table) => table.dropIndex(['locked_at'], 'by_lock'));
    });

    test('are missing from rows that meet the conditions of two, which are told of and never written', async () => {
      const { jobs = {}, allocations = null } = QUEUE;
      const paused = { ...jobs.states, CANCELLED: { when: { task: ['runs', 'done'] } } };
      const { repository, transaction, inspect } = store({ jobs: { ...jobs, states: paused }, allocations });
      expect(await inspect.diagnosis?.unknownStates()).toEqual([
        { table: 'jobs', meets: 'none', rows: 1 },
        { table: 'jobs', meets: 'several', rows: 2 },
      ]);
      await transaction(async (trx) => {
        expect(await repository.getStuckJobs(trx, 48)).toEqual([]);
        expect(ids(await repository.getOldJobs(trx, 30))).toEqual(['4']);
        expect(await repository.getCompletedJobsWithUnreleasedResources(trx)).toEqual([]);
      });
    });
  });
}
