import { describe, expect, test } from 'vitest';
import { DAY } from '../../support/times.js';
import { type ClusterUnderTest, set } from '../../support/under-test.js';
import { deleteOld, type Filters, filtered, releaseOfFinished, releaseOfJobs } from './cleanups.js';

const filters: Filters = {
  retentionDays: { COMPLETED: 10, FAILED: 180 },
  limitFor: { oldDays: { audit: 365, scratch: 1 } },
};

/** Jobs by state, name and age in days and steps; the strategy's limit is 30 days. */
const JOBS = [
  { state: 'COMPLETED', name: 'a', days: 10, steps: 1, isDue: true },
  { state: 'COMPLETED', name: 'a', days: 10, steps: 0, isDue: false },
  { state: 'FAILED', name: 'a', days: 180, steps: 1, isDue: true },
  { state: 'FAILED', name: 'a', days: 180, steps: 0, isDue: false },
  { state: 'FAILED', name: 'a', days: 31, steps: 0, isDue: false },
  { state: 'COMPLETED', name: 'audit', days: 31, steps: 0, isDue: false },
  { state: 'FAILED', name: 'audit', days: 365, steps: 0, isDue: false },
  { state: 'FAILED', name: 'audit', days: 365, steps: 1, isDue: true },
  { state: 'FAILED', name: 'scratch', days: 1, steps: 1, isDue: true },
  { state: 'COMPLETED', name: 'scratch', days: 1, steps: 0, isDue: false },
  { state: 'CANCELLED', name: 'audit', days: 31, steps: 0, isDue: false },
  { state: 'CANCELLED', name: 'scratch', days: 1, steps: 1, isDue: true },
  { state: 'CANCELLED', name: 'a', days: 30, steps: 1, isDue: true },
  { state: 'CANCELLED', name: null, days: 30, steps: 1, isDue: true },
  { state: 'CANCELLED', name: 'a', days: 30, steps: 0, isDue: false },
  { state: 'CANCELLED', name: 'a', days: 10, steps: 1, isDue: false },
];

export function describeRetention<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { read, seed, write, ascending } = filtered(cluster);

  describe('retentionDays', () => {
    const seedAll = (cleanup: typeof deleteOld) =>
      seed(
        cleanup,
        JOBS.map(({ state, name, days, steps }) => ({
          job: { state, name, startTime: cluster.ago(400 * DAY), endTime: cluster.ago(days * DAY, steps) },
        })),
      );
    const idsWhere = (holds: (each: (typeof JOBS)[number]) => boolean) =>
      JOBS.flatMap((each, index) => (holds(each) ? [String(index + 1)] : []));

    test('is the limit of a final state, after the one of a name and before the one of the strategy', async () => {
      await seedAll(deleteOld);
      const { jobs } = await read(deleteOld, filters);
      expect(ascending(jobs)).toEqual(idsWhere(({ isDue }) => isDue));
    });

    test.each([
      { what: 'as they were read', isByHand: false },
      { what: 'made by hand', isByHand: true },
    ])('is kept by deleteJobsBatch, whatever rows it is given $what', async ({ isByHand }) => {
      await seedAll(deleteOld);
      const given = await read(deleteOld, undefined, 0.001);
      expect(given.jobs).toHaveLength(JOBS.length);
      const isFree = (each: (typeof JOBS)[number]) =>
        each.state === 'CANCELLED' && each.name !== 'audit' && each.name !== 'scratch';
      const due = idsWhere((each) => each.isDue || isFree(each));
      expect(await write(given, filters, isByHand)).toEqual({ jobs: due, said: { changed: due, contended: [] } });
    });

    test('of one state is not that of another which the job has got since it was read', async () => {
      const ended = { endTime: cluster.ago(20 * DAY) };
      await seed(deleteOld, [{ job: ended }, { job: ended }]);
      const given = await read(deleteOld, filters);
      await cluster.act(set('jobs', 1, { state: 'FAILED' }));
      expect(await write(given, filters)).toEqual({ jobs: ['2'], said: { changed: ['2'], contended: [] } });
    });

    test.each([releaseOfFinished, releaseOfJobs])('is nothing to $name', async (cleanup) => {
      await seedAll(cleanup);
      const given = await read(cleanup, undefined, 0.001);
      const all = idsWhere(() => true);
      expect(await write(given, filters)).toEqual({ jobs: all, said: { changed: all, contended: [] } });
    });
  });

  describe('ageFrom', () => {
    const marked: Filters = { ageFrom: { column: 'heartbeat' } };
    const at = (days: number | null, steps = 0) => ({
      job: { heartbeat: days === null ? null : cluster.ago(days * DAY, steps) },
    });

    test('lets jobs go that were marked by that time long enough ago, whenever they ended, and no others', async () => {
      await seed(deleteOld, [
        ...[at(30, 1), at(400), at(30), at(1), at(null)],
        { job: { ...at(400).job, state: 'RUNNING' } },
      ]);
      const given = await read(deleteOld, marked);
      expect(ascending(given.jobs)).toEqual(['1', '2']);
      await cluster.act(set('jobs', 1, { heartbeat: null }));
      expect(await write(given, marked)).toEqual({ jobs: ['2'], said: { changed: ['2'], contended: [] } });
      const unfiltered = await read(deleteOld);
      expect(ascending(unfiltered.jobs)).toEqual(['1', '3', '4', '5']);
      expect(await write(unfiltered, marked)).toMatchObject({ jobs: ['3', '4'] });
    });
  });
}
