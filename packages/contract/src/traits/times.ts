import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changesOf } from '../support/changes.js';
import { handMade } from '../support/outcomes.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { clock, HOUR } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';

/** Times are instants: no zone, no daylight saving and no rounding changes what is due. */
export function describeTimes<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  describe('in a process in New York', () => {
    beforeAll(() => {
      vi.stubEnv('TZ', 'America/New_York');
      expect(new Date('2026-01-01T00:00:00Z').getHours()).toBe(19);
    });
    afterAll(() => {
      vi.unstubAllEnvs();
    });

    test.each([
      ['an hour was left out', '2026-03-10T05:30:00.000Z', '2026-03-08T02:30:00.000000Z'],
      ['an hour came twice', '2026-11-03T05:30:00.000Z', '2026-11-01T01:30:00.000000Z'],
    ])('after %s, 48 hours are 48 hours, and times are read and written as they are', async (_what, at, startTime) => {
      const now = new Date(at);
      const limit = new Date(now.getTime() - 48 * HOUR * 1000);
      const written = (time: Date) => time.toISOString().replace('Z', '000Z');
      await cluster.seed({
        jobs: [
          job(1, { startTime }),
          job(2, { startTime: written(limit) }),
          job(3, { startTime: written(new Date(limit.getTime() - 1)) }),
          job(4, { startTime: written(new Date(limit.getTime() + HOUR * 1000)) }),
        ],
      });
      const { repository, transaction } = cluster.store({ clock: { now: () => now } });
      const jobs = await transaction((session) => repository.getStuckJobs(session, 48));
      expect(jobs).toMatchObject([{ id: '1', startTime: new Date(startTime) }, { id: '3' }]);
      const write = () => transaction((session) => repository.markJobsAsFailed(session, jobs, 'too long'));
      expect(await changesOf(cluster, write)).toMatchObject({
        'jobs/1': { endTime: written(now) },
        'jobs/3': { endTime: written(now) },
      });
    });
  });

  // A database that keeps whole milliseconds tells no two times of one apart, and nothing is lost by a `Date`.
  if (cluster.precisionMicros >= 1000) return;

  describe('times within one millisecond', () => {
    /** Ids run against the times. */
    const MICROS = [9, 7, 5, 3, 1];
    const started = MICROS.map((micros, index) => job(5 - index, { startTime: ago(49 * HOUR, micros) }));
    const stuck = (options = {}) => {
      const { repository, transaction } = cluster.store({ clock });
      return transaction((session) => repository.getStuckJobs(session, 48, options));
    };

    test('order jobs, and continue pages without losing or repeating one', async () => {
      await cluster.seed({ jobs: started });
      const seen: string[] = [];
      for (let page = await stuck({ limit: 1 }); page.length > 0; page = await stuck({ limit: 1, after: page[0] })) {
        seen.push(...idsOf(page));
      }
      expect(seen).toEqual(['5', '4', '3', '2', '1']);
    });

    test('continue pages of reservations as well', async () => {
      const allocations = MICROS.map((micros, index) =>
        allocation(5 - index, 5 - index, { status: 'RESERVED', allocationTime: ago(HOUR, micros) }),
      );
      await cluster.seed({ jobs: started, allocations });
      const { repository, transaction } = cluster.store({ clock });
      const read = (options: object) => transaction((session) => repository.getStaleReservations(session, 10, options));
      const [first] = await read({ limit: 1 });
      expect(first?.id).toBe('5');
      expect(idsOf(await read({ limit: 2, after: first }))).toEqual(['4', '3']);
    });

    test('are shown by the millisecond that they lie in, never rounded up', async () => {
      await cluster.seed({ jobs: [job(1, { startTime: '2026-01-01T00:00:00.999999Z' })] });
      expect((await stuck())[0]?.startTime).toEqual(new Date('2026-01-01T00:00:00.999Z'));
    });

    test('lose no row after one made by hand, which can only name the millisecond', async () => {
      await cluster.seed({ jobs: started });
      const [first] = await stuck({ limit: 1 });
      const after = first && handMade(first);
      expect(idsOf(await stuck({ limit: 5, after }))).toEqual(expect.arrayContaining(['4', '3', '2', '1']));
    });
  });
}
