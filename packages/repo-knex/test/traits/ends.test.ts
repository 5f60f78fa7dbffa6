import type { SchemaOptions } from '@jobsweep/core';
import { expect, test } from 'vitest';
import type { KnexStoreOptions } from '../../src/index.js';
import { describeOnEngines } from '../support/on-engines.js';

const DAY = 86_400_000;
const NOW = Math.floor(Date.now() / 1000) * 1000;
const ago = (days: number) => new Date(NOW - days * DAY);
const text = (time: Date) => time.toISOString().slice(0, 19).replace('T', ' ');

/** A queue whose rows end in one of three columns, and which tells a failure by one of them. */
const ENDS: SchemaOptions = {
  jobs: {
    table: 'tasks',
    columns: {
      startTime: 'begun_at',
      endTime: ['finished_at', 'failed_at', 'cancelled_at'],
      errorMsg: null,
      exitCode: null,
    },
    states: {
      RUNNING: { when: { finished_at: null, failed_at: null, cancelled_at: null } },
      COMPLETED: { when: { finished_at: { isNot: null }, failed_at: null } },
      FAILED: { when: { failed_at: { isNot: null } }, set: { failed_at: { now: true } } },
      CANCELLED: { when: { cancelled_at: { isNot: null }, finished_at: null, failed_at: null } },
    },
  },
  allocations: null,
};
const SEVERAL: KnexStoreOptions = { schema: ENDS };

const STATES = { RUNNING: 'RUNNING', COMPLETED: 'COMPLETED', FAILED: 'FAILED' };
/** The same with a column that holds the state. */
const BY_VALUE: KnexStoreOptions = { schema: { ...ENDS, jobs: { ...ENDS.jobs, states: STATES } } };

/** The same without any column of an end. */
const WITHOUT: SchemaOptions = {
  jobs: {
    ...ENDS.jobs,
    columns: { ...ENDS.jobs?.columns, endTime: null, state: 'state' },
    states: STATES,
  },
  allocations: null,
};

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

describeOnEngines(
  'ends',
  ({ time }) => ({
    tasks: `id int primary key, name varchar(40), state varchar(40), begun_at ${time}, seen_at ${time}, finished_at ${time},
      failed_at ${time}, cancelled_at ${time}, changed_at ${time}`,
  }),
  (of) => {
    const seed = (...rows: readonly Readonly<Record<string, unknown>>[]) =>
      of.knex('tasks').insert(
        rows.map((row, index) => {
          const values = Object.entries(row).map(([column, value]) => [
            column,
            value instanceof Date ? text(value) : value,
          ]);
          return Object.fromEntries([['id', index + 1], ...values]) as object;
        }),
      );
    const time = async (column: string, id: number) => {
      const select = of.isPostgres ? `extract(epoch from ${column})` : `timestampdiff(second, '1970-01-01', ${column})`;
      const row = await of
        .knex('tasks')
        .where({ id })
        .first(of.knex.raw(`${select} as seconds`));
      const { seconds } = row as { seconds: number | string | null };
      return seconds === null ? null : new Date(Number(seconds) * 1000);
    };

    test('are the first that is set of several columns', async () => {
      await seed(
        { begun_at: ago(90), finished_at: ago(40), failed_at: ago(20) },
        { begun_at: ago(90), finished_at: ago(20), failed_at: ago(40) },
        { begun_at: ago(90), failed_at: ago(60) },
        { begun_at: ago(90), cancelled_at: ago(50), failed_at: ago(10) },
        { begun_at: ago(90), cancelled_at: ago(50) },
        { begun_at: ago(90), finished_at: ago(41) },
        { begun_at: ago(90) },
      );
      await of.within(SEVERAL, async (repository, trx) => {
        const old = await repository.getOldJobs(trx, 30);
        expect(old.map(({ id, endTime }) => [id, endTime?.getTime()])).toEqual([
          ['6', ago(41).getTime()],
          ['1', ago(40).getTime()],
          ['3', ago(60).getTime()],
          ['5', ago(50).getTime()],
        ]);
      });
    });

    test('are what pages continue by, from column to column, forwards and up to a place', async () => {
      await seed(
        ...[5, 4, 3].map((days) => ({ finished_at: ago(30 + days) })),
        ...[9, 8].map((days) => ({ failed_at: ago(30 + days) })),
        ...[7, 6].map((days) => ({ cancelled_at: ago(30 + days) })),
      );
      await of.within(SEVERAL, async (repository, trx) => {
        const found: string[] = [];
        let after: Awaited<ReturnType<typeof repository.getOldJobs>>[number] | undefined;
        do {
          const page = await repository.getOldJobs(trx, 30, { limit: 2, ...(after && { after }) });
          found.push(...ids(page));
          after = page.at(-1);
        } while (after !== undefined);
        expect(found).toEqual(['1', '2', '3', '4', '5', '6', '7']);

        const all = await repository.getOldJobs(trx, 30);
        const [begin, end] = [all[1], all[4]];
        const range = { ...(begin && { after: begin }), ...(end && { upTo: end }) };
        expect(ids(await repository.getOldJobs(trx, 30, range))).toEqual(['3', '4', '5']);
        const byHand = { ...(all[0] as (typeof all)[number]), version: undefined as never };
        await expect(repository.getOldJobs(trx, 30, { after: byHand })).rejects.toMatchObject({
          code: 'INVALID_OPTION',
        });
      });
    });

    test('keep a job whose end came into another column since it was read', async () => {
      const failed = { state: 'FAILED', failed_at: ago(40) };
      await seed(failed, failed, failed);
      const old = await of.within(BY_VALUE, (repository, trx) => repository.getOldJobs(trx, 30));
      await of
        .knex('tasks')
        .where({ id: 1 })
        .update({ finished_at: text(ago(1)) });
      await of
        .knex('tasks')
        .where({ id: 2 })
        .update({ finished_at: text(ago(40)) });
      expect(await of.within(BY_VALUE, (repository, trx) => repository.deleteJobsBatch(trx, old))).toBe(1);
      expect(await of.knex('tasks').orderBy('id').pluck('id')).toEqual([1, 2]);
    });

    test('are written for a failing job into the column that its state says', async () => {
      await seed({ begun_at: ago(90) });
      await of.within(SEVERAL, async (repository, trx) => {
        const failed = await repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'Stuck');
        expect(failed).toMatchObject([{ state: 'FAILED', endTime: expect.any(Date) as Date }]);
      });
      const row = await of.row('tasks', { id: 1 });
      expect(row).toMatchObject({ finished_at: null, cancelled_at: null });
      expect(row.failed_at).not.toBeNull();
    });

    test('are counted by each column, and so are rows without one', async () => {
      await seed(
        { finished_at: ago(40), state: 'COMPLETED' },
        { failed_at: ago(60), state: 'FAILED' },
        { cancelled_at: ago(2), state: 'FAILED' },
        { state: 'FAILED' },
      );
      const { inspect } = of.store(BY_VALUE);
      const totals = await inspect.totals({ name: 'old_job_cleanup', maxAgeDays: 30 });
      expect(totals).toMatchObject({ due: 2, population: 4, undated: 1 });
      expect(Math.round((totals.oldestAgeSeconds ?? 0) / 86_400)).toBe(60);
      expect(await inspect.totals({ name: 'old_job_cleanup', maxAgeDays: 30 }, { atMost: 1 })).toMatchObject({
        due: 1,
      });
      const advice = await inspect.diagnosis?.indexes(['old_job_cleanup']);
      expect(advice?.map(({ columns }) => columns.slice(-2))).toEqual(
        ['finished_at', 'failed_at', 'cancelled_at'].map((column) => [column, 'id']),
      );
    });

    test('that are not there are not written, and nothing is old', async () => {
      await seed({ begun_at: ago(90), state: 'RUNNING' }, { begun_at: ago(90), state: 'COMPLETED' });
      const { capabilities, inspect } = of.store({ schema: WITHOUT });
      expect(capabilities.strategies).toEqual(['stuck_job_cleanup']);
      expect(await inspect.schema()).toEqual([]);
      await of.within({ schema: WITHOUT }, async (repository, trx) => {
        const failed = await repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'Stuck');
        expect(failed).toMatchObject([{ id: '1', state: 'FAILED', endTime: null }]);
        const refused = {
          code: 'UNSUPPORTED_SCHEMA',
          message: expect.stringMatching(/endTime .*: stuck_job_cleanup\.$/),
        };
        await expect(repository.getOldJobs(trx, 30)).rejects.toMatchObject(refused);
        await expect(repository.deleteJobsBatch(trx, failed)).rejects.toMatchObject(refused);
      });
      expect(await of.row('tasks', { id: 1 })).toMatchObject({ finished_at: null, failed_at: null });
    });

    test('may have another time in their place, by which a finished job is old', async () => {
      const old = { state: 'COMPLETED', changed_at: ago(40) };
      await seed(old, old, { state: 'COMPLETED', changed_at: ago(20) }, { state: 'RUNNING', changed_at: ago(40) });
      const options: KnexStoreOptions = { schema: WITHOUT, filters: { ageFrom: 'changed_at' } };
      const found = await of.within(options, (repository, trx) => repository.getOldJobs(trx, 30));
      expect(ids(found)).toEqual(['1', '2']);
      await of
        .knex('tasks')
        .where({ id: 1 })
        .update({ changed_at: text(ago(39)) });
      expect(await of.within(options, (repository, trx) => repository.deleteJobsBatch(trx, found))).toBe(1);
      expect(await of.knex('tasks').orderBy('id').pluck('id')).toEqual([1, 3, 4]);
    });

    test('may be the last sign of life, or else the start', async () => {
      const running = { state: 'RUNNING', begun_at: ago(90) };
      await seed({ ...running, seen_at: ago(50) }, running);
      const jobs = {
        ...WITHOUT.jobs,
        columns: { ...WITHOUT.jobs?.columns, endTime: 'failed_at' },
        endedAs: 'lastSign',
      } as const;
      await of.within({ schema: { ...WITHOUT, jobs }, filters: { ageColumn: 'seen_at' } }, async (repository, trx) => {
        const stuck = await repository.getStuckJobs(trx, 48);
        expect(await repository.markJobsAsFailed(trx, stuck, 'Stuck')).toMatchObject([
          { id: '1', endTime: ago(50) },
          { id: '2', endTime: ago(90) },
        ]);
      });
      expect([await time('failed_at', 1), await time('failed_at', 2)]).toEqual([ago(50), ago(90)]);
    });
  },
);
