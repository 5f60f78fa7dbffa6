import type { TimeCodec } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { ContractSubject } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { timesOf, unsetTime } from '../support/layouts.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { before, clock, HOUR, NOW } from '../support/times.js';
import { useCluster } from '../support/under-test.js';

/** A value that stands for "not set", as many systems have it: 0, or a date long ago. */
export function describeUnsetTimes<Session extends object>(subject: ContractSubject<Session>, codec: TimeCodec): void {
  const { raw, iso: UNSET } = unsetTime(codec);

  describe(`with ${raw === 0 ? '0' : 'a date'} for a time that is not set, as ${codec}`, () => {
    const cluster = useCluster(subject, { schema: timesOf(codec, [raw]) });
    const open = () => cluster.store({ clock });

    test('show it past no limit', async () => {
      await cluster.seed({
        jobs: [job(1, { startTime: UNSET }), job(2, { state: 'COMPLETED', endTime: UNSET }), job(3)],
        allocations: [allocation(3, 3, { status: 'RESERVED', allocationTime: UNSET })],
      });
      const { repository, transaction } = open();
      await transaction(async (session) => {
        expect(await repository.getStuckJobs(session, 48)).toEqual([]);
        expect(await repository.getOldJobs(session, 30)).toEqual([]);
        expect(await repository.getStaleReservations(session, 10)).toEqual([]);
        expect(await repository.countStaleReservations(session, 10)).toBe(0);
      });
    });

    test('read it as no time, and hide no leak behind it', async () => {
      await cluster.seed({
        jobs: [job(1, { state: 'COMPLETED', startTime: UNSET, endTime: UNSET })],
        allocations: [allocation(1, 1, { allocationTime: UNSET, releasedTime: UNSET })],
      });
      const { repository, transaction } = open();
      const rows = await transaction((session) => repository.getCompletedJobsWithUnreleasedResources(session));
      const unset = { allocationTime: null, releasedTime: null, job: { startTime: null, endTime: null } };
      expect(rows).toMatchObject([unset]);
      expect(await transaction((session) => repository.releaseResourcesForCompletedJobs(session, rows))).toBe(1);
    });

    test('keep a reservation alive by a sibling with it, when it is read and when it is written', async () => {
      const reserved = (allocationTime: string) => ({ status: 'RESERVED', allocationTime });
      await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1, reserved(before(NOW, HOUR)))] });
      const { repository, transaction } = open();
      const rows = await transaction((session) => repository.getStaleReservations(session, 10));
      expect(idsOf(rows)).toEqual(['1']);
      await cluster.seed({ allocations: [allocation(2, 1, reserved(UNSET))] });
      expect(await transaction((session) => repository.getStaleReservations(session, 10))).toEqual([]);
      const write = () => transaction((session) => repository.cleanupStaleReservations(session, rows));
      expect(await changesOf(cluster, write)).toEqual({});
    });
  });
}
