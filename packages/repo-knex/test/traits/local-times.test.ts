import type { SchemaOptions } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

const HOUR = 3_600_000;
const local = (column: string) => ({ column, codec: 'localDateTime', timeZone: 'Europe/Berlin' }) as const;
const SCHEMA: SchemaOptions = {
  jobs: {
    columns: { startTime: local('start_time'), endTime: { ...local('end_time'), unset: ['1900-01-01 00:00:00'] } },
  },
  allocations: null,
};

describeOnEngines(
  'times that the clocks of a zone show',
  ({ zoneless }) => ({
    jobs: `id int primary key, name varchar(40), state varchar(40), start_time ${zoneless}, end_time ${zoneless}, error_msg text, exit_code text`,
  }),
  (of) => {
    /** A store for whose rules it is 48 hours after an instant. */
    const at = (horizon: string, schema = SCHEMA) => {
      const now = new Date(Date.parse(`${horizon.replace(' ', 'T')}Z`) + 48 * HOUR);
      return { schema, clock: { now: () => now } };
    };
    const seed = (...starts: readonly string[]) =>
      of.knex('jobs').insert(starts.map((start, index) => ({ id: index + 1, state: 'RUNNING', start_time: start })));
    const stuckAt = (horizon: string) =>
      of.within(at(horizon), async (repository, trx) => {
        const found = await repository.getStuckJobs(trx, 48);
        return found.map(({ id, startTime }) => `${id} ${startTime?.toISOString().slice(0, 16)}`);
      });
    const textIn = async (column: string, id: number) => {
      const select = of.isPostgres
        ? `to_char(${column}, 'YYYY-MM-DD HH24:MI:SS')`
        : `date_format(${column}, '%Y-%m-%d %H:%i:%s')`;
      const row: unknown = await of
        .knex('jobs')
        .where({ id })
        .first(of.knex.raw(`${select} as shown`));
      return (row as { readonly shown: string }).shown;
    };

    test('are the instants that they mean, in winter and in summer', async () => {
      await seed('2026-01-10 12:00:00', '2026-07-10 12:00:00');
      expect(await stuckAt('2026-01-10 11:00')).toEqual([]);
      expect(await stuckAt('2026-01-10 11:01')).toEqual(['1 2026-01-10T11:00']);
      expect(await stuckAt('2026-07-10 10:00')).toEqual(['1 2026-01-10T11:00']);
      expect(await stuckAt('2026-07-10 10:01')).toEqual(['1 2026-01-10T11:00', '2 2026-07-10T10:00']);
    });

    test('of an hour that comes twice are the later ones', async () => {
      await seed('2026-10-25 01:59:00', '2026-10-25 02:30:00', '2026-10-25 03:00:00');
      const before = '1 2026-10-24T23:59';
      for (const horizon of ['2026-10-25 00:00', '2026-10-25 00:45', '2026-10-25 01:30'])
        expect(await stuckAt(horizon)).toEqual([before]);
      expect(await stuckAt('2026-10-25 01:31')).toEqual([before, '2 2026-10-25T01:30']);
      expect(await stuckAt('2026-10-25 02:01')).toEqual([before, '2 2026-10-25T01:30', '3 2026-10-25T02:00']);
    });

    test('of an hour that no clock shows are the later ones', async () => {
      await seed('2026-03-29 01:59:00', '2026-03-29 02:30:00', '2026-03-29 03:10:00');
      const before = '1 2026-03-29T00:59';
      expect(await stuckAt('2026-03-29 01:00')).toEqual([before]);
      expect(await stuckAt('2026-03-29 01:15')).toEqual([before, '3 2026-03-29T01:10']);
      expect(await stuckAt('2026-03-29 01:31')).toEqual([before, '2 2026-03-29T01:30', '3 2026-03-29T01:10']);
      expect(await stuckAt('2026-03-29 02:00')).toEqual([before, '2 2026-03-29T01:30', '3 2026-03-29T01:10']);
    });

    test('are what pages continue by, and what a guard compares', async () => {
      await seed('2026-03-29 02:30:00', '2026-03-29 02:30:00', '2026-03-29 03:00:00', '2026-03-29 03:40:00');
      const options = at('2026-03-30 00:00');
      const stuck = await of.stuckByOne(options);
      expect(stuck.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
      // As instants both are one, and somebody started the job again all the same.
      await of.knex('jobs').where({ id: 1 }).update({ start_time: '2026-03-29 03:30:00' });
      const failed = await of.within(options, (repository, trx) => repository.markJobsAsFailed(trx, stuck, 'Stuck'));
      expect(failed.map(({ id }) => id)).toEqual(['2', '3', '4']);
    });

    test('are written as the clocks show them', async () => {
      await seed('2026-01-01 00:00:00');
      const end = await of.within(at('2026-07-10 10:00'), async (repository, trx) => {
        const stuck = await repository.getStuckJobs(trx, 48);
        return (await repository.markJobsAsFailed(trx, stuck, 'Stuck')).map(({ endTime }) => endTime?.toISOString());
      });
      expect(end).toEqual(['2026-07-12T10:00:00.000Z']);
      expect(await textIn('end_time', 1)).toBe('2026-07-12 12:00:00');
    });

    test('that mean "not set" are given as the clocks show them', async () => {
      await of.knex('jobs').insert([
        { id: 1, state: 'COMPLETED', end_time: '1900-01-01 00:00:00' },
        { id: 2, state: 'COMPLETED', end_time: '2026-01-01 00:30:00' },
      ]);
      const { inspect } = of.store(at('2026-02-01 00:00'));
      const totals = await inspect.totals({ name: 'old_job_cleanup', maxAgeDays: 30 });
      expect(totals).toMatchObject({ due: 1, undated: 1, oldestAgeSeconds: 33 * 86_400 + 1800 });
    });

    test('fit columns without a zone', async () => {
      expect(await of.store(at('2026-02-01 00:00')).inspect.schema()).toEqual([]);
      const schema: SchemaOptions = { ...SCHEMA, jobs: { columns: { startTime: local('name') } } };
      const [found] = await of.store({ schema }).inspect.schema();
      expect(found).toMatchObject({ path: 'schema.jobs.columns.startTime' });
      expect(found?.problem).toMatch(/holds no localDateTime$/);
    });
  },
);
