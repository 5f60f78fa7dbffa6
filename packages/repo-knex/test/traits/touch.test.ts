import type { TouchOptions } from '@jobsweep/sql';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { allocation, changesOf, job, seed } from '../support/rows.js';
import { ago, clock, DAY, HOUR, MINUTE, NOW, WRITTEN_NOW } from '../support/times.js';

const OWN_COLUMNS = 'updated timestamptz, changed timestamp, millis bigint, version integer, ';
const cluster = useCluster(TABLES.replaceAll('id bigint primary key, ', `id bigint primary key, ${OWN_COLUMNS}`));

const touched = {
  now: ['updated', { column: 'changed', codec: 'utcDateTime' }, { column: 'millis', codec: 'epochMillis' }],
  increment: ['version'],
} as const;
const touch = { jobs: touched, allocations: touched };

describe('touch', () => {
  test('keeps the columns of every row that is updated current, and those of no other row', async () => {
    const own = { updated: ago(DAY), changed: ago(DAY), millis: 1, version: 7 };
    await seed(cluster.sql, {
      jobs: [
        job(1, { ...own, start_time: ago(3 * DAY) }),
        job(2, { ...own, start_time: ago(HOUR) }),
        job(3, { ...own, state: 'COMPLETED' }),
        job(4, { ...own, start_time: ago(HOUR) }),
      ],
      allocations: [
        allocation(1, 1, own),
        allocation(2, 2, { ...own, status: 'RESERVED', allocation_time: ago(HOUR) }),
        allocation(3, 3, own),
        allocation(4, 4, { ...own, status: 'RESERVED', allocation_time: ago(MINUTE) }),
        allocation(5, 3, { ...own, status: 'RELEASED' }),
      ],
    });
    const { repository, transaction } = cluster.store({ touch, clock });
    const repairAll = () =>
      transaction(async (trx) => {
        const held = await repository.getCompletedJobsWithUnreleasedResources(trx);
        await repository.releaseResourcesForCompletedJobs(trx, held);
        await repository.cleanupStaleReservations(trx, await repository.getStaleReservations(trx, 10));
        const failed = await repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'too long');
        await repository.releaseResourcesForJobs(trx, failed);
      });
    const current = {
      updated: WRITTEN_NOW,
      changed: WRITTEN_NOW.replace('+00:00', ''),
      millis: String(NOW.getTime()),
      version: '8',
    };
    expect(await changesOf(cluster.sql, repairAll)).toEqual({
      'jobs/1': expect.objectContaining({ ...current, state: 'FAILED' }),
      'jobs/2': expect.objectContaining({ ...current, state: 'FAILED' }),
      'resource_allocations/1': expect.objectContaining({ ...current, status: 'RELEASED' }),
      'resource_allocations/2': expect.objectContaining({ ...current, status: 'RELEASED' }),
      'resource_allocations/3': expect.objectContaining({ ...current, status: 'RELEASED' }),
    });
  });

  test('names columns that are not there, or hold no time, when the tables are inspected', async () => {
    const wrong: TouchOptions = {
      jobs: { now: ['updated_at', 'millis'], increment: ['version'] },
      allocations: { increment: ['revision'] },
    };
    expect(await cluster.store({ touch: wrong }).inspect.schema()).toEqual([
      expect.objectContaining({
        path: 'touch.jobs.now[0]',
        problem: 'Table "jobs" has no column "updated_at"',
        fix: 'Set touch.jobs.now[0] to the name of the column',
      }),
      expect.objectContaining({ path: 'touch.jobs.now[1]', fix: expect.stringContaining('touch.jobs.now[1].codec') }),
      expect.objectContaining({ path: 'touch.allocations.increment[0]' }),
    ]);
    expect(await cluster.store({ touch }).inspect.schema()).toEqual([]);
  });

  test.each([
    ['touch.job', { job: {} }],
    ['touch.jobs.on', { jobs: { on: ['updated'] } }],
    ['touch.jobs.now', { jobs: { now: 'updated' } }],
    ['touch.jobs is', { jobs: { increment: [''] } }],
    ['touch.jobs is', { jobs: { increment: [7] } }],
    ['touch.jobs is', { jobs: { increment: ['end_time'] } }],
    ['touch.jobs is', { jobs: { now: ['version'], increment: ['version'] } }],
  ])('is refused where it means nothing: %s', (message, wrong) => {
    expect(() => cluster.store({ touch: wrong as TouchOptions })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    );
  });

  test('is refused of a table that there is none of', () => {
    expect(() => cluster.store({ schema: { allocations: null }, touch })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('touch.allocations') }),
    );
  });
});
