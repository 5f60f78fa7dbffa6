import type { FilterOptions, SchemaOptions } from '@jobsweep/core';
import { runPass, StuckJobCleanupStrategy } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

const HOUR = 3_600_000;
const BEATS = { table: 'trial_heartbeats', key: 'trial_id', column: 'heartbeat' } as const;
const schema: SchemaOptions = {
  jobs: {
    table: 'trials',
    columns: {
      id: 'trial_id',
      name: 'number',
      startTime: 'datetime_start',
      endTime: 'datetime_complete',
      errorMsg: null,
      exitCode: null,
    },
    states: { PENDING: 'WAITING', RUNNING: 'RUNNING', COMPLETED: ['COMPLETE', 'PRUNED'], FAILED: 'FAIL' },
  },
  allocations: null,
};
const options = (filters: FilterOptions = {}) => ({ schema, filters: { ageColumn: BEATS, ...filters } });

describeOnEngines(
  'signs of life in another table',
  ({ time }) => ({
    trials: `trial_id int primary key, number varchar(40), state varchar(20), datetime_start ${time}, datetime_complete ${time}`,
    trial_heartbeats: `trial_id int not null, heartbeat ${time}, foreign key (trial_id) references trials (trial_id)`,
  }),
  (of) => {
    const ago = (hours: number) => {
      const text = new Date(Date.now() - hours * HOUR).toISOString().replace('T', ' ');
      return of.isPostgres ? text : text.replace('Z', '');
    };
    const beat = (id: number, hours: number | null) =>
      of.knex('trial_heartbeats').insert({ trial_id: id, heartbeat: hours === null ? null : ago(hours) });
    /** Running trials, by when they began and when they last beat. */
    const seed = async (...trials: readonly (readonly [start: number | null, ...beats: (number | null)[]])[]) => {
      for (const [index, [start, ...beats]] of trials.entries()) {
        const id = index + 1;
        const begun = start === null ? null : ago(start);
        await of.knex('trials').insert({ trial_id: id, number: `n${id}`, state: 'RUNNING', datetime_start: begun });
        for (const hours of beats) await beat(id, hours);
      }
    };
    const stuck = (hours: number, filters?: FilterOptions, silentMinutes?: number) =>
      of.within(options(filters), (repository, trx) => repository.getStuckJobs(trx, hours, { silentMinutes }));
    const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => Number(id)).sort();
    const fail = (jobs: Awaited<ReturnType<typeof stuck>>, filters?: FilterOptions) =>
      of.within(options(filters), async (repository, trx) => {
        const failed = await repository.markJobsAsFailed(trx, jobs, 'Stuck');
        return ids(failed);
      });

    test('keep the jobs whose newest one is new, and those that began a moment ago', async () => {
      await seed([3, 3], [3, 3, 0.01], [3, 0.5, 2], [3], [3, null], [0.5], [0.5, 3], [null, 3]);
      const found = await stuck(1);
      expect(ids(found)).toEqual([1, 4, 5]);
      expect(await fail(found)).toEqual([1, 4, 5]);
      expect(await of.knex('trials').where({ state: 'FAIL' }).orderBy('trial_id').pluck('trial_id')).toEqual([1, 4, 5]);
    });

    test('are looked for again before a job is failed', async () => {
      await seed([3, 2], [3, 2], [3]);
      const found = await stuck(1);
      await beat(1, 0);
      await beat(3, 0.9);
      expect(await fail(found)).toEqual([2]);
    });

    test('are nothing to a write of jobs that were made by hand', async () => {
      await seed([3, 0.1]);
      const [running] = await of.within({ schema }, (repository, trx) => repository.getStuckJobs(trx, 1));
      const { version: _, ...byHand } = running ?? ({} as never);
      expect(await fail([byHand as never])).toEqual([1]);
    });

    test('are held to the own limits of names, in reads and in writes', async () => {
      const filters = { limitFor: { stuckHours: { n1: 100, n2: 0.5, n3: 0.5 } } };
      await seed([50, 50], [3, 0.8], [3, 0.4], [50, 40], [50, 0.8]);
      const found = await stuck(1, filters);
      expect(ids(found)).toEqual([2, 4]);
      expect(await fail(found, filters)).toEqual([2, 4]);
      await of.knex('trials').where({ trial_id: 2 }).update({ state: 'RUNNING' });
      const again = await stuck(1, filters);
      await beat(2, 0.4);
      expect(await fail(again, filters)).toEqual([]);
    });

    test('may have to be missing for a while besides the age of the job', async () => {
      await seed([49, 0.2], [49, 0.05], [47, 0.2], [49], [200, 0.2]);
      const found = await stuck(48, {}, 5);
      expect(found.map(({ id }) => Number(id))[0]).toBe(5);
      expect(ids(found)).toEqual([1, 4, 5]);
      await beat(1, 0);
      expect(await fail(found)).toEqual([4, 5]);
    });

    test('are what the strategy goes by, and what is counted', async () => {
      await seed([49, 0.2], [49, 0.05], [49], [null], [1]);
      const store = of.store(options());
      const strategy = new StuckJobCleanupStrategy(store.repository, { maxAgeHours: 48, silentMinutes: 5 });
      expect(await store.inspect.totals(strategy.rule as never)).toMatchObject({ due: 2, population: 5, undated: 1 });
      expect(await runPass(store, strategy)).toMatchObject({ itemsCleaned: 2 });
      expect(await of.knex('trials').where({ state: 'FAIL' }).orderBy('trial_id').pluck('trial_id')).toEqual([1, 3]);
    });

    test('are looked up in columns that are there, and by an index', async () => {
      const { inspect } = of.store(options());
      expect(await inspect.schema()).toEqual([]);
      const advice = await inspect.diagnosis?.indexes(['stuck_job_cleanup']);
      expect(advice?.map(({ name, columns }) => [name, columns.slice(-2)])).toContainEqual([
        'jobsweep_trial_heartbeats_signs',
        ['trial_id', 'heartbeat'],
      ]);
      const wrong = { ...BEATS, key: 'trial', column: 'beat' };
      expect(
        (await of.store({ schema, filters: { ageColumn: wrong } }).inspect.schema()).map(({ path }) => path),
      ).toEqual(['filters.ageColumn.key', 'filters.ageColumn.column']);
      const missing = { ...BEATS, table: 'heartbeats' };
      expect(await of.store({ schema, filters: { ageColumn: missing } }).inspect.schema()).toMatchObject([
        { path: 'filters.ageColumn.table' },
      ]);
    });
  },
);
