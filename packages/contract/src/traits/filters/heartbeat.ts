import type { GetOptions, Job } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { handMade } from '../../support/outcomes.js';
import { job } from '../../support/rows.js';
import { clock, HOUR } from '../../support/times.js';
import { type ClusterUnderTest, set } from '../../support/under-test.js';
import { cleanStale, deleteOld, type Filters, failStuck, filtered } from './cleanups.js';

const filters: Filters = { ageColumn: 'heartbeat' };

export function describeHeartbeat<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { read, seed, write, ascending } = filtered(cluster);
  const { ago } = cluster;

  const beat = (seconds: number, steps = 0) => ({ job: { startTime: ago(HOUR), heartbeat: ago(seconds, steps) } });
  const stuckJobs = (options?: GetOptions<Job>) => {
    const { repository, transaction } = cluster.store({ clock, filters });
    return transaction((session) => repository.getStuckJobs(session, 48, options));
  };

  describe('ageColumn', () => {
    test('is the time by which a job is stuck, strictly before the horizon', async () => {
      await seed(failStuck, [beat(48 * HOUR, 1), beat(48 * HOUR), beat(48 * HOUR, -1), beat(100 * HOUR)]);
      expect(ascending((await read(failStuck, filters)).jobs)).toEqual(['1', '4']);
    });

    test('keeps a job that has run for long and still gives signs of life', async () => {
      await seed(failStuck, [{ job: { startTime: ago(1000 * HOUR), heartbeat: ago(1) } }]);
      expect((await read(failStuck, filters)).jobs).toEqual([]);
    });

    test('that is NULL falls back to the start', async () => {
      const never = (seconds: number, steps = 0) => ({ job: { startTime: ago(seconds, steps), heartbeat: null } });
      await seed(failStuck, [never(48 * HOUR, 1), never(48 * HOUR), beat(60 * HOUR), never(1000 * HOUR)]);
      const given = await read(failStuck, filters);
      expect(ascending(given.jobs)).toEqual(['1', '3', '4']);
      expect(await write(given, filters)).toMatchObject({ said: { contended: [] } });
      expect((await read(failStuck, filters)).jobs).toEqual([]);
    });

    test('may have to be missing for a while besides the age of the job', async () => {
      const started = (hours: number, heartbeat: number | null) => ({
        job: { startTime: ago(hours * HOUR), heartbeat: heartbeat === null ? null : ago(heartbeat) },
      });
      await seed(failStuck, [started(49, 6 * 60), started(49, 5 * 60), started(47, 6 * 60), started(49, null)]);
      const { repository, transaction } = cluster.store({ clock, filters });
      const silent = (silentMinutes: number) =>
        transaction((session) => repository.getStuckJobs(session, 48, { silentMinutes }));
      const stuck = await silent(5);
      expect(stuck.map(({ id }) => id)).toEqual(['1', '4']);
      await cluster.act(set('jobs', 1, { heartbeat: ago(0) }));
      const failed = await transaction((session) => repository.markJobsAsFailed(session, stuck, 'Stuck'));
      expect(failed.map(({ id }) => id)).toEqual(['4']);
      await expect(silent(0)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      const blind = cluster.store({ clock });
      const asked = blind.transaction((session) => blind.repository.getStuckJobs(session, 48, { silentMinutes: 5 }));
      await expect(asked).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });

    test('finds jobs without a start time', async () => {
      await seed(failStuck, [{ job: { startTime: null, heartbeat: ago(49 * HOUR) } }]);
      const given = await read(failStuck, filters);
      expect(await write(given, filters)).toMatchObject({ jobs: ['1'], said: { changed: ['1'] } });
    });

    test('looks at jobs that run alone', async () => {
      const states = ['PENDING', 'COMPLETED', 'running', null];
      await seed(
        failStuck,
        states.map((state) => ({ job: { state, heartbeat: ago(100 * HOUR) } })),
      );
      expect((await read(failStuck, filters)).jobs).toEqual([]);
    });

    test('gives the order of the jobs, oldest first, then by id', async () => {
      const start = (hours: number) => ({ startTime: ago(hours * HOUR) });
      const jobs = [
        job(1, { ...start(99), heartbeat: ago(50 * HOUR) }),
        job(2, { ...start(1), heartbeat: ago(60 * HOUR) }),
        job(10, { ...start(2), heartbeat: ago(50 * HOUR) }),
        job(9, { ...start(50), heartbeat: ago(50 * HOUR) }),
      ];
      await cluster.seed({ jobs });
      expect((await stuckJobs()).map(({ id }) => id)).toEqual(['2', '1', '9', '10']);
    });

    test('is what pages continue by', async () => {
      const beats = [ago(50 * HOUR), ago(50 * HOUR, 1), ago(50 * HOUR), ago(70 * HOUR)];
      await cluster.seed({ jobs: beats.map((heartbeat, index) => job(index + 1, { heartbeat })) });
      const found: string[] = [];
      let after: Job | undefined;
      do {
        [after] = await stuckJobs({ limit: 1, after });
        if (after !== undefined) found.push(after.id);
      } while (after !== undefined);
      expect(found).toEqual(['4', '2', '1', '3']);
    });

    test('cannot continue a page after a row made by hand, which does not tell it', async () => {
      await seed(failStuck, [beat(60 * HOUR), beat(50 * HOUR)]);
      const [first] = await stuckJobs({ limit: 1 });
      const after = first && handMade(first);
      await expect(stuckJobs({ limit: 1, after })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });

    test.each([
      { what: 'by one step', heartbeat: ago(50 * HOUR, -1) },
      { what: 'just now', heartbeat: ago(0) },
      { what: 'and lost it', heartbeat: null },
    ])('keeps a job that beat again $what since it was read', async ({ heartbeat }) => {
      await seed(failStuck, [beat(50 * HOUR), beat(50 * HOUR)]);
      const given = await read(failStuck, filters);
      await cluster.act(set('jobs', 1, { heartbeat }));
      expect(await write(given, filters)).toEqual({ jobs: ['2'], said: { changed: ['2'], contended: [] } });
    });

    test('is no reason to fail a job that was started again with the heartbeat of the run before', async () => {
      await seed(failStuck, [beat(50 * HOUR)]);
      const given = await read(failStuck, filters);
      await cluster.act(set('jobs', 1, { startTime: ago(0) }));
      expect((await write(given, filters)).jobs).toEqual([]);
    });

    test('is held to the own limits of names', async () => {
      const limits = { ...filters, limitFor: { stuckHours: { slow: 100, quick: 1 } } };
      const named = (name: string, hours: number) => ({ job: { name, heartbeat: ago(hours * HOUR) } });
      await seed(failStuck, [named('slow', 99), named('slow', 101), named('quick', 2), named('a', 2), named('a', 50)]);
      const given = await read(failStuck, limits);
      expect(ascending(given.jobs)).toEqual(['2', '3', '5']);
      expect((await write(given, limits)).jobs).toEqual(['2', '3', '5']);
    });

    test.each([cleanStale, deleteOld])('is nothing to $name', async (cleanup) => {
      await seed(cleanup, [{ job: { heartbeat: ago(0) } }, { job: { heartbeat: null } }]);
      const given = await read(cleanup, filters);
      await cluster.act(set('jobs', 1, { heartbeat: ago(-1) }));
      expect((await write(given, filters)).jobs).toEqual(['1', '2']);
    });
  });
}
