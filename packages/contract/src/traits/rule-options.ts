import { type AllocationWithJob, CompletedJobCleanupStrategy, StaleReservationCleanupStrategy } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { clock, HOUR, MINUTE, WRITTEN_NOW } from '../support/times.js';
import { type ClusterUnderTest, set } from '../support/under-test.js';

const BOTH = { jobStates: ['RUNNING', 'PENDING'] } as const;
const SETTLING = { settleSeconds: 60 } as const;

/** What rules can be told that the specification does not say. */
export function describeRuleOptions<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;
  const store = () => cluster.store({ clock });

  describe('stale_reservation_cleanup', () => {
    const reserved = { status: 'RESERVED', allocationTime: ago(HOUR) };
    const seed = (...jobs: readonly Columns[]) =>
      cluster.seed({
        jobs: jobs.map((columns, index) => job(index + 1, columns)),
        allocations: jobs.map((_job, index) => allocation(index + 1, index + 1, reserved)),
      });
    const find = (options: typeof BOTH | object = BOTH) => {
      const { repository, transaction } = store();
      return transaction((session) => repository.getStaleReservations(session, 10, options));
    };
    const clean = (rows: readonly AllocationWithJob[], options: typeof BOTH | object = BOTH) => {
      const { repository, transaction } = store();
      const record = recordOutcomes<AllocationWithJob>();
      return transaction((session) =>
        repository.cleanupStaleReservations(session, rows, 'late', { ...options, ...record }),
      );
    };

    describe('with jobStates', () => {
      test('finds and fails jobs in these states and in no other', async () => {
        await seed({ state: 'PENDING' }, { state: 'RUNNING' }, { state: 'COMPLETED' }, { state: 'SUSPENDED' });
        const { repository, transaction, inspect } = store();
        expect(idsOf(await find())).toEqual(['1', '2']);
        expect(idsOf(await find({}))).toEqual(['2']);
        expect(idsOf(await find({ jobStates: ['PENDING'] }))).toEqual(['1']);
        expect(await transaction((session) => repository.countStaleReservations(session, 10, BOTH))).toBe(2);
        const rule = { name: 'stale_reservation_cleanup', maxAgeMinutes: 10, ...BOTH } as const;
        expect(await inspect.totals(rule)).toMatchObject({ due: 2, population: 2 });
        const failed = { state: 'FAILED', endTime: WRITTEN_NOW, errorMsg: 'late', exitCode: '-3:0' };
        const released = { status: 'RELEASED', releasedTime: WRITTEN_NOW };
        const changes = await changesOf(cluster, async () =>
          expect(idsOf(await clean(await find()))).toEqual(['1', '2']),
        );
        expect(changes).toEqual({
          'jobs/1': failed,
          'jobs/2': failed,
          'allocations/1': released,
          'allocations/2': released,
        });
      });

      test('keeps the hands of a write that says nothing of it off jobs that wait', async () => {
        await seed({ state: 'PENDING' });
        expect(await clean(await find(), {})).toEqual([]);
      });

      test.each([
        ['is RUNNING', { state: 'RUNNING' }],
        ['is RUNNING with a start', { state: 'RUNNING', startTime: ago(MINUTE) }],
        ['was cancelled', { state: 'CANCELLED' }],
      ])('passes over a job that %j since it was read', async (_what, columns) => {
        await seed({ state: 'PENDING' }, { state: 'PENDING' });
        const rows = await find();
        await cluster.act(set('jobs', 1, columns));
        expect(idsOf(await clean(rows))).toEqual(['2']);
      });

      test('is no list of states that a mapping lacks, or that nothing is stale in', () => {
        const { repository } = store();
        for (const jobStates of [[], ['FAILED'], 'RUNNING'])
          expect(() => new StaleReservationCleanupStrategy(repository, { jobStates: jobStates as never })).toThrow(
            expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('jobStates') }),
          );
      });
    });
  });

  describe('completed_job_cleanup', () => {
    const seed = (...ends: readonly (string | null)[]) =>
      cluster.seed({
        jobs: ends.map((endTime, index) => job(index + 1, { state: 'COMPLETED', startTime: ago(HOUR), endTime })),
        allocations: ends.map((_end, index) => allocation(index + 1, index + 1)),
      });
    const find = () => {
      const { repository, transaction } = store();
      return transaction((session) => repository.getCompletedJobsWithUnreleasedResources(session, SETTLING));
    };
    const release = (rows: readonly AllocationWithJob[]) => {
      const { repository, transaction } = store();
      return transaction((session) => repository.releaseResourcesForCompletedJobs(session, rows, SETTLING));
    };

    describe('with settleSeconds', () => {
      test('waits so long after the end, and where there is none', async () => {
        await seed(ago(MINUTE, 1), ago(MINUTE), ago(1), null);
        expect(idsOf(await find())).toEqual(['1']);
        const { repository, transaction, inspect } = store();
        const count = transaction((session) => repository.countCompletedJobsWithUnreleasedResources(session, SETTLING));
        expect(await count).toBe(1);
        const rule = { name: 'completed_job_cleanup', ...SETTLING } as const;
        expect(await inspect.totals(rule)).toMatchObject({ due: 1, population: 4, undated: 1 });
        const changes = await changesOf(cluster, async () => expect(await release(await find())).toBe(1));
        expect(Object.keys(changes)).toEqual(['allocations/1']);
      });

      test.each([
        ['ended again a moment ago', { endTime: ago(1) }],
        ['has no end any more', { endTime: null }],
      ])('passes over a job that %j since it was read', async (_what, columns) => {
        await seed(ago(HOUR), ago(HOUR));
        const rows = await find();
        await cluster.act(set('jobs', 1, columns));
        const changes = await changesOf(cluster, async () => expect(await release(rows)).toBe(1));
        expect(Object.keys(changes)).toEqual(['allocations/2']);
      });

      test('is no negative time', () => {
        const make = () => new CompletedJobCleanupStrategy(store().repository, { settleSeconds: -1 });
        expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
      });
    });
  });
}
