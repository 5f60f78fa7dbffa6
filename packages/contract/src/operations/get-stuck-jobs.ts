import type { GetOptions, Job } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { describePages } from '../support/paging.js';
import { idsOf, job } from '../support/rows.js';
import { before, clock, HOUR } from '../support/times.js';
import { type ClusterUnderTest, set } from '../support/under-test.js';

export function describeGetStuckJobs<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  const stuckJobs = (options?: GetOptions<Job>, maxAgeHours = 48) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.getStuckJobs(trx, maxAgeHours, options));
  };

  const started = (seconds: number, micros = 0) => ({ startTime: ago(seconds, micros) });

  describe('getStuckJobs', () => {
    test('returns a running job past the limit with all that the port knows of it', async () => {
      const row = { ...started(49 * HOUR), errorMsg: 'slow', exitCode: '1:0' };
      await cluster.seed({ jobs: [job('1', row)] });
      expect(await stuckJobs()).toEqual([
        {
          id: '1',
          name: 'job-1',
          state: 'RUNNING',
          startTime: new Date(ago(49 * HOUR)),
          endTime: null,
          errorMsg: 'slow',
          exitCode: '1:0',
          version: expect.any(Object),
        },
      ]);
    });

    test.each(['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED', 'SUSPENDED', 'running', 'RUNNING ', ''])(
      'passes over a job whose state is "%s"',
      async (state) => {
        await cluster.seed({ jobs: [job(1, { state, ...started(100 * HOUR) })] });
        expect(await stuckJobs()).toEqual([]);
      },
    );

    test('matches a job one step past the limit, and none exactly at it', async () => {
      const jobs = [
        job(1, started(48 * HOUR, 1)),
        job(2, started(48 * HOUR)),
        job(3, started(48 * HOUR, -1)),
        job(4, started(47 * HOUR)),
      ];
      await cluster.seed({ jobs });
      expect(idsOf(await stuckJobs())).toEqual(['1']);
    });

    test('takes the limit it is given, fractions of an hour too', async () => {
      await cluster.seed({ jobs: [job(1, started(0.5 * HOUR, 1)), job(2, started(0.5 * HOUR))] });
      expect(idsOf(await stuckJobs({}, 0.5))).toEqual(['1']);
    });

    test('passes over a job without a start time and one that starts in the future', async () => {
      await cluster.seed({ jobs: [job(1), job(2, started(-100 * HOUR))] });
      expect(await stuckJobs()).toEqual([]);
    });

    test('looks at the start alone, whatever the job holds or says about its end', async () => {
      await cluster.seed({ jobs: [job(1, { ...started(49 * HOUR), endTime: ago(HOUR) })] });
      expect(await stuckJobs()).toMatchObject([{ id: '1', endTime: new Date(ago(HOUR)) }]);
    });

    test('returns the oldest first, and a name that is NULL as an empty one', async () => {
      const jobs = [
        job(1, started(50 * HOUR)),
        job(2, { ...started(60 * HOUR), name: null }),
        job(3, started(55 * HOUR)),
      ];
      await cluster.seed({ jobs });
      const found = await stuckJobs();
      expect(idsOf(found)).toEqual(['2', '3', '1']);
      expect(found[0]?.name).toBe('');
    });

    test("judges by the database's clock when none is given", async () => {
      const serverNow = new Date(await cluster.now());
      const startedAgo = (seconds: number) => ({ startTime: before(serverNow, seconds) });
      await cluster.seed({ jobs: [job(1, startedAgo(48 * HOUR)), job(2, startedAgo(47 * HOUR))] });
      const { repository, transaction } = cluster.store();
      expect(idsOf(await transaction((trx) => repository.getStuckJobs(trx, 48)))).toEqual(['1']);
    });

    describePages<Job>({
      seedDue: (ids, stepsApart = 0) =>
        cluster.seed({ jobs: ids.map((id, index) => job(id, started(49 * HOUR, -index * stepsApart))) }),
      read: stuckJobs,
      settle: async (id) => {
        await cluster.act(set('jobs', Number(id), { state: 'COMPLETED' }));
      },
    });
  });
}
