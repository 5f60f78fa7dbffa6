import type { SchemaOptions } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

/** What somebody holds is a row that is not free; since when, nobody knows. */
const HELD: SchemaOptions = {
  jobs: { table: 'kernels' },
  allocations: {
    table: 'slots',
    columns: { jobId: 'kernel_id', allocationTime: null, releasedTime: null },
    statuses: {
      ALLOCATED: { when: { free_at: null } },
      RELEASED: { when: { free_at: { isNot: null } }, set: { free_at: { now: true } } },
    },
  },
};

/** The same with a column of statuses, and no time at all. */
const BY_VALUE: SchemaOptions = {
  ...HELD,
  allocations: { ...HELD.allocations, statuses: { RESERVED: 'reserved', ALLOCATED: 'held', RELEASED: 'free' } },
};

describeOnEngines(
  'allocations without times',
  ({ time }) => ({
    kernels: `id int primary key, name varchar(40), state varchar(40), start_time ${time}, end_time ${time}, error_msg text, exit_code text`,
    slots: `id int primary key, kernel_id int, status varchar(40), free_at ${time}`,
  }),
  (of) => {
    const seed = async () => {
      const old = '2020-01-01 00:00:00';
      await of.knex('kernels').insert([
        { id: 1, state: 'COMPLETED', start_time: old, end_time: old },
        { id: 2, state: 'RUNNING', start_time: old },
        { id: 3, state: 'CANCELLED', start_time: old, end_time: old },
      ]);
      await of
        .knex('slots')
        .insert([
          ...[1, 2, 3].map((id) => ({ id, kernel_id: id, status: 'held', free_at: null })),
          { id: 4, kernel_id: 1, status: 'free', free_at: old },
        ]);
    };

    test('are released for finished jobs, and for those that fail', async () => {
      await seed();
      expect(await of.store({ schema: HELD }).inspect.schema()).toEqual([]);
      await of.within({ schema: HELD }, async (repository, trx) => {
        const held = await repository.getCompletedJobsWithUnreleasedResources(trx);
        expect(held).toMatchObject([
          { id: '1', status: 'ALLOCATED', allocationTime: null, releasedTime: null },
          { id: '3', status: 'ALLOCATED' },
        ]);
        expect(await repository.releaseResourcesForCompletedJobs(trx, held)).toBe(2);
        const failed = await repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'Stuck');
        expect(await repository.releaseResourcesForJobs(trx, failed)).toMatchObject([{ id: '2', status: 'RELEASED' }]);
        expect(await repository.countCompletedJobsWithUnreleasedResources(trx)).toBe(0);
      });
      expect(await of.knex('slots').whereNull('free_at')).toEqual([]);
    });

    test('are left alone where they changed since they were read', async () => {
      await seed();
      const held = await of.within({ schema: BY_VALUE }, (repository, trx) =>
        repository.getCompletedJobsWithUnreleasedResources(trx),
      );
      await of.knex('slots').where({ id: 1 }).update({ status: 'reserved' });
      const released = of.within({ schema: BY_VALUE }, (repository, trx) =>
        repository.releaseResourcesForCompletedJobs(trx, held),
      );
      expect(await released).toBe(1);
      expect(await of.knex('slots').orderBy('id').pluck('status')).toEqual(['reserved', 'held', 'free', 'free']);
    });

    test('are due by no age: what needs one says what remains', async () => {
      await seed();
      const { capabilities, inspect } = of.store({ schema: BY_VALUE });
      const remaining = ['completed_job_cleanup', 'stuck_job_cleanup', 'old_job_cleanup'];
      expect(capabilities.strategies).toEqual(remaining);
      const refused = {
        code: 'UNSUPPORTED_SCHEMA',
        message: `schema.allocations.columns.allocationTime is null, and no other time has its place. What remains: ${remaining.join(', ')}.`,
      };
      await of.within({ schema: BY_VALUE }, async (repository, trx) => {
        const held = await repository.getCompletedJobsWithUnreleasedResources(trx);
        await expect(repository.getStaleReservations(trx, 10)).rejects.toMatchObject(refused);
        await expect(repository.countStaleReservations(trx, 10)).rejects.toMatchObject(refused);
        await expect(repository.cleanupStaleReservations(trx, held)).rejects.toMatchObject(refused);
        await expect(repository.getOrphanedAllocations(trx, 60)).rejects.toMatchObject(refused);
        await expect(repository.releaseOrphanedAllocations(trx, held)).rejects.toMatchObject(refused);
      });
      for (const name of ['stale_reservation_cleanup', 'orphaned_allocation_cleanup'] as const)
        await expect(inspect.totals({ name, maxAgeMinutes: 10 })).rejects.toMatchObject(refused);
      expect((await inspect.diagnosis?.indexes(capabilities.strategies))?.map(({ name }) => name)).toEqual([
        'jobsweep_slots_unreleased',
        'jobsweep_kernels_running',
        'jobsweep_kernels_finished',
        'jobsweep_slots_job',
      ]);
    });
  },
);
