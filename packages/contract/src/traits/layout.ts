import { type CleanupStore, presets } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns, ContractSubject, Layout } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { IDS, stepOf } from '../support/layouts.js';
import { idsOf } from '../support/rows.js';
import { before, clock, DAY, HOUR, MINUTE, NOW, WRITTEN_NOW } from '../support/times.js';
import { useCluster } from '../support/under-test.js';

/** Reads all that is due. */
function findAll<Session extends object>({ repository, transaction }: CleanupStore<Session>) {
  return transaction(async (session) => ({
    unreleased: await repository.getCompletedJobsWithUnreleasedResources(session, { limit: 10 }),
    stale: await repository.getStaleReservations(session, 10, { limit: 10 }),
    stuck: await repository.getStuckJobs(session, 48, { limit: 10 }),
    old: await repository.getOldJobs(session, 30, { limit: 10 }),
  }));
}

/**
 * What holds on tables of every kind. The rows of 1 are stuck, of 4 stale, of 6 old, of 8 leaked; the others are exactly
 * at a threshold, without a time, or healthy.
 */
export function describeLayout<Session extends object>(
  subject: ContractSubject<Session>,
  name: string,
  layout: Layout,
): void {
  const idOf = IDS[layout.ids ?? 'number'];
  const step = stepOf(layout, subject.precisionMicros);
  const at = (seconds: number) => before(NOW, seconds);
  const past = (seconds: number) => before(NOW, seconds, step);
  const job = (id: number, state: string, times: Columns = {}): Columns => ({
    id: idOf(id),
    name: `job-${id}`,
    state,
    note: 'alice',
    ...times,
  });
  const allocation = (id: number, status: string, allocationTime: string | null = null): Columns => ({
    id: idOf(id),
    jobId: idOf(id),
    status,
    allocationTime,
  });

  describe(name, () => {
    const cluster = useCluster(subject, layout);
    const store = () => cluster.store({ clock });
    const seedAll = () =>
      cluster.seed({
        jobs: [
          job(1, 'RUNNING', { startTime: past(48 * HOUR) }),
          job(2, 'RUNNING', { startTime: at(48 * HOUR) }),
          job(3, 'RUNNING'),
          job(4, 'RUNNING', { startTime: at(HOUR) }),
          job(5, 'RUNNING', { startTime: at(HOUR) }),
          job(6, 'COMPLETED', { startTime: at(50 * DAY), endTime: past(30 * DAY) }),
          job(7, 'COMPLETED', { startTime: at(50 * DAY), endTime: at(30 * DAY) }),
          job(8, 'FAILED', { endTime: at(HOUR) }),
          job(9, 'COMPLETED'),
          job(10, 'PENDING'),
        ],
        allocations: [
          allocation(1, 'ALLOCATED', at(HOUR)),
          allocation(3, 'RESERVED'),
          allocation(4, 'RESERVED', past(10 * MINUTE)),
          allocation(5, 'RESERVED', at(10 * MINUTE)),
          allocation(6, 'RELEASED', at(DAY)),
          allocation(8, 'ALLOCATED'),
        ],
      });

    test('are found to fit their mapping', async () => {
      await seedAll();
      expect(await store().inspect.schema()).toEqual([]);
    });

    test('show just what is due, and count it', async () => {
      await seedAll();
      const { unreleased, stale, stuck, old } = await findAll(store());
      expect({ unreleased: idsOf(unreleased), stale: idsOf(stale), stuck: idsOf(stuck), old: idsOf(old) }).toEqual({
        unreleased: [idOf(8)],
        stale: [idOf(4)],
        stuck: [idOf(1)],
        old: [idOf(6)],
      });
      const millis = (time: string) => new Date(time.slice(0, 23).concat('Z'));
      expect(stuck).toMatchObject([{ state: 'RUNNING', startTime: millis(past(48 * HOUR)), endTime: null }]);
      expect(stale).toMatchObject([{ status: 'RESERVED', allocationTime: millis(past(10 * MINUTE)) }]);
      const { repository, transaction } = store();
      expect(await transaction((session) => repository.countCompletedJobsWithUnreleasedResources(session))).toBe(1);
      expect(await transaction((session) => repository.countStaleReservations(session, 10))).toBe(1);
    });

    test('are repaired where it is due, and hold what is written as their columns do', async () => {
      await seedAll();
      const { repository, transaction } = store();
      const repairAll = async () => {
        const { unreleased, stale, stuck, old } = await findAll(store());
        const failed = await transaction(async (session) => {
          expect(await repository.releaseResourcesForCompletedJobs(session, unreleased)).toBe(1);
          expect(idsOf(await repository.cleanupStaleReservations(session, stale))).toEqual([idOf(4)]);
          expect(await repository.deleteJobsBatch(session, old)).toBe(1);
          return repository.markJobsAsFailed(session, stuck, 'too long');
        });
        expect(failed).toMatchObject([{ id: idOf(1), state: 'FAILED', endTime: NOW }]);
        const released = await transaction((session) => repository.releaseResourcesForJobs(session, failed));
        expect(idsOf(released)).toEqual([idOf(1)]);
      };
      const { errorMsg, exitCode } = layout.schema?.jobs?.columns ?? {};
      const failed = (message: string, code: string) => ({
        state: 'FAILED',
        endTime: WRITTEN_NOW,
        ...(errorMsg !== null && { errorMsg: message }),
        ...(exitCode !== null && { exitCode: code }),
      });
      const released = { status: 'RELEASED', releasedTime: WRITTEN_NOW };
      expect(await changesOf(cluster, repairAll)).toEqual({
        [`jobs/${idOf(1)}`]: failed('too long', '-2:0'),
        [`allocations/${idOf(1)}`]: released,
        [`jobs/${idOf(4)}`]: failed(presets.en.staleReservationError, '-3:0'),
        [`allocations/${idOf(4)}`]: released,
        [`jobs/${idOf(6)}`]: 'deleted',
        [`allocations/${idOf(6)}`]: 'deleted',
        [`allocations/${idOf(8)}`]: released,
      });
    });

    test('are paged through by one row', async () => {
      await seedAll();
      await cluster.seed({ jobs: [11, 12].map((id) => job(id, 'RUNNING', { startTime: past(48 * HOUR) })) });
      const { repository, transaction } = store();
      const seen: string[] = [];
      const page = (after?: Awaited<ReturnType<typeof repository.getStuckJobs>>[number]) =>
        transaction((session) => repository.getStuckJobs(session, 48, { limit: 1, after }));
      for (let rows = await page(); rows.length > 0; rows = await page(rows[0])) seen.push(...idsOf(rows));
      expect(seen).toEqual([1, 11, 12].map(idOf));
    });
  });
}
