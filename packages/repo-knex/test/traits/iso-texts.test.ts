import type { SchemaOptions } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

const HOUR = 3_600_000;
const iso = (column: string) => ({ column, codec: 'isoText', unset: ['never'] }) as const;
const SCHEMA: SchemaOptions = {
  jobs: { columns: { startTime: iso('begun'), endTime: iso('ended') } },
  allocations: null,
};

describeOnEngines(
  'times in texts',
  () => ({
    jobs: `id int primary key, name varchar(40), state varchar(40), begun varchar(40), ended varchar(40), error_msg text, exit_code text`,
  }),
  (of) => {
    const at = (horizon: string) => {
      const now = new Date(Date.parse(horizon) + 48 * HOUR);
      return { schema: SCHEMA, clock: { now: () => now } };
    };
    const seed = (...texts: readonly (string | null)[]) =>
      of.knex('jobs').insert(texts.map((begun, index) => ({ id: index + 1, state: 'RUNNING', begun })));
    const stuckAt = (horizon: string) =>
      of.within(at(horizon), async (repository, trx) =>
        (await repository.getStuckJobs(trx, 48)).map(({ id }) => Number(id)).sort(),
      );

    test('are compared as times, down to the last digit', async () => {
      await seed(
        '2026-02-10T11:59:59.999999Z',
        '2026-02-10T12:00:00Z',
        '2026-02-10T12:00:00+00:00',
        '2026-02-10T12:00:00.000Z',
        '2026-02-10T12:00:00.124Z',
        '2026-02-10T12:00:00.12Z',
        '2026-02-10T12:00:00.125Z',
        '2026-02-10T12:00:00.125001+00:00',
        '2026-02-10T12:00:00.9Z',
        '2026-02-10T12:00:01Z',
      );
      expect(await stuckAt('2026-02-10T12:00:00.000Z')).toEqual([1]);
      expect(await stuckAt('2026-02-10T12:00:00.001Z')).toEqual([1, 2, 3, 4]);
      expect(await stuckAt('2026-02-10T12:00:00.125Z')).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await stuckAt('2026-02-10T12:00:01.000Z')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    test('that are no times are never due, and refused by a look at the newest', async () => {
      await seed(
        '2026-02-10 12:00:00',
        '',
        '0',
        '2026-02-10T12:00:00',
        '2026-02-10t12:00:00z',
        'never',
        null,
        '2026-02-10T12:00:00+02:00',
      );
      expect(await stuckAt('2027-01-01T00:00:00Z')).toEqual([]);
      const findings = await of.store({ schema: SCHEMA }).inspect.schema();
      expect(findings).toMatchObject([
        {
          path: 'schema.jobs.columns.startTime',
          problem: 'It holds "2026-02-10T12:00:00+02:00", and such texts are not in order as their times are',
        },
      ]);
      await of.knex('jobs').whereNotIn('begun', ['never']).delete();
      expect(await of.store({ schema: SCHEMA }).inspect.schema()).toEqual([]);
    });

    test('are what pages continue by, and what a guard compares', async () => {
      await seed('2026-02-10T12:00:00.5Z', '2026-02-10T12:00:00Z', '2026-02-10T12:00:00Z', '2026-02-09T12:00:00.000Z');
      const options = at('2026-02-11T00:00:00Z');
      const stuck = await of.stuckByOne(options);
      expect(stuck.map(({ id }) => id).sort()).toEqual(['1', '2', '3', '4']);
      expect(stuck[0]).toMatchObject({ id: '4', startTime: new Date('2026-02-09T12:00:00Z') });
      await of.knex('jobs').where({ id: 2 }).update({ begun: '2026-02-10T13:00:00Z' });
      const failed = await of.within(options, (repository, trx) => repository.markJobsAsFailed(trx, stuck, 'Stuck'));
      expect(failed.map(({ id }) => id).sort()).toEqual(['1', '3', '4']);
    });

    test('are written with milliseconds', async () => {
      await seed('2026-02-10T12:00:00Z');
      await of.within(at('2026-03-01T00:00:00.007Z'), async (repository, trx) => {
        const failed = await repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'Stuck');
        expect(failed).toMatchObject([{ endTime: new Date('2026-03-03T00:00:00.007Z') }]);
      });
      expect(await of.row('jobs', { id: 1 })).toMatchObject({ ended: '2026-03-03T00:00:00.007Z' });
    });

    test('tell how old the oldest is, and how many have none', async () => {
      await seed('2026-02-10T12:00:00.000Z', '2026-02-10T13:00:00Z', 'never', null);
      const { inspect } = of.store(at('2026-02-11T12:00:00Z'));
      const totals = await inspect.totals({ name: 'stuck_job_cleanup', maxAgeHours: 48 });
      expect(totals).toMatchObject({ due: 2, population: 4, undated: 2, oldestAgeSeconds: 72 * 3600 });
    });

    test('use an index', async () => {
      const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
      await seed(ago(100), ...Array.from({ length: 3000 }, (_each, index) => ago(index / 100)));
      const { inspect } = of.store({ schema: SCHEMA });
      const [advice] = (await inspect.diagnosis?.indexes(['stuck_job_cleanup'])) ?? [];
      if (advice === undefined) throw new Error('There is no advice');
      await inspect.diagnosis?.createIndex(advice);
      await of.knex.raw(of.isPostgres ? 'analyze jobs' : 'analyze table jobs');
      const cost = await inspect.diagnosis?.cost({ name: 'stuck_job_cleanup', maxAgeHours: 48 });
      expect(cost?.plan).toContain(advice.name);
      if (of.isPostgres) expect(cost?.plan).toMatch(/"Index Cond": .*begun.* < /);
      expect(cost?.rowsExamined ?? 0).toBeLessThan(100);
    });
  },
);
