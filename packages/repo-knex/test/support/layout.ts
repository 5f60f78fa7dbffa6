import { type CleanupStore, type JobState, presets, type ResourceStatus, type SchemaOptions } from '@jobsweep/core';
import type { Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from './cluster.js';
import { changesOf, idsOf, insert, type SeedRow } from './rows.js';
import { before, DAY, HOUR, MINUTE, NOW, WRITTEN_NOW } from './times.js';

/** Tables of one kind: how they are made, mapped for jobsweep, and filled with the plain driver. */
export interface Layout {
  readonly tables: string;
  readonly knex: Knex.Config;
  readonly schema: SchemaOptions;
  /** Table and columns as they are named in the database; `null`: there is no such column. */
  readonly jobs: Readonly<Record<'table' | 'id' | 'state' | 'startTime' | 'endTime', string>> &
    Readonly<Record<'name' | 'errorMsg' | 'exitCode', string | null>>;
  readonly allocations: Readonly<
    Record<'table' | 'id' | 'jobId' | 'status' | 'allocationTime' | 'releasedTime', string>
  >;
  readonly now: Date;
  /** The value of an id column; ids of greater numbers come later. */
  id(number: number): string;
  state(state: JobState): string | number;
  status(status: ResourceStatus): string | number;
  /** The value of a time column. */
  time(iso: string): string | number;
  /** The smallest step between two times, in microseconds. */
  readonly stepMicros: number;
  /** What a time column that was set to `now` holds, as text. */
  readonly writtenNow: string;
}

export const DEFAULT_LAYOUT: Layout = {
  tables: TABLES,
  knex: {},
  schema: {},
  jobs: {
    table: 'jobs',
    id: 'id',
    name: 'name',
    state: 'state',
    startTime: 'start_time',
    endTime: 'end_time',
    errorMsg: 'error_msg',
    exitCode: 'exit_code',
  },
  allocations: {
    table: 'resource_allocations',
    id: 'id',
    jobId: 'job_id',
    status: 'status',
    allocationTime: 'allocation_time',
    releasedTime: 'released_time',
  },
  now: NOW,
  id: String,
  state: (state) => state,
  status: (status) => status,
  time: (iso) => iso,
  stepMicros: 1,
  writtenNow: WRITTEN_NOW,
};

/** Makes the raw rows of a layout out of jobsweep's words. */
function rowsOf(layout: Layout) {
  const { jobs, allocations } = layout;
  const set = (column: string | null, value: unknown) =>
    column === null ? {} : { [column.replaceAll('"', '')]: value };
  const job = (id: number, state: JobState, times: { start?: string; end?: string } = {}): SeedRow => ({
    ...set(jobs.id, layout.id(id)),
    ...set(jobs.name, `job-${id}`),
    ...set(jobs.state, layout.state(state)),
    ...(times.start !== undefined && set(jobs.startTime, layout.time(times.start))),
    ...(times.end !== undefined && set(jobs.endTime, layout.time(times.end))),
  });
  const allocation = (id: number, status: ResourceStatus, time?: string): SeedRow => ({
    ...set(allocations.id, layout.id(id)),
    ...set(allocations.jobId, layout.id(id)),
    ...set(allocations.status, layout.status(status)),
    ...(time !== undefined && set(allocations.allocationTime, layout.time(time))),
  });
  return { job, allocation };
}

/** Reads all that is due. */
async function findAll({ repository, transaction }: CleanupStore<Knex.Transaction>) {
  return transaction(async (trx) => ({
    unreleased: await repository.getCompletedJobsWithUnreleasedResources(trx, { limit: 10 }),
    stale: await repository.getStaleReservations(trx, 10, { limit: 10 }),
    stuck: await repository.getStuckJobs(trx, 48, { limit: 10 }),
    old: await repository.getOldJobs(trx, 30, { limit: 10 }),
  }));
}

/**
 * What holds on tables of every kind. The rows of 1 are stuck, of 4 stale, of 6 old, of 8 leaked; the others are
 * exactly at a threshold, without a time, or healthy.
 */
export function describeLayout(name: string, given: Partial<Layout>): void {
  const layout: Layout = { ...DEFAULT_LAYOUT, ...given };
  const { jobs, allocations, now, stepMicros } = layout;
  const { job, allocation } = rowsOf(layout);
  const at = (seconds: number) => before(now, seconds);
  const past = (seconds: number) => before(now, seconds, stepMicros);

  describe(name, () => {
    const cluster = useCluster(layout.tables, layout.knex);
    const store = () => cluster.store({ schema: layout.schema, clock: { now: () => now } });
    const seedAll = async () => {
      await insert(cluster.sql, jobs.table, [
        job(1, 'RUNNING', { start: past(48 * HOUR) }),
        job(2, 'RUNNING', { start: at(48 * HOUR) }),
        job(3, 'RUNNING'),
        job(4, 'RUNNING', { start: at(HOUR) }),
        job(5, 'RUNNING', { start: at(HOUR) }),
        job(6, 'COMPLETED', { start: at(50 * DAY), end: past(30 * DAY) }),
        job(7, 'COMPLETED', { start: at(50 * DAY), end: at(30 * DAY) }),
        job(8, 'FAILED', { end: at(HOUR) }),
        job(9, 'COMPLETED'),
        job(10, 'PENDING'),
      ]);
      await insert(cluster.sql, allocations.table, [
        allocation(1, 'ALLOCATED', at(HOUR)),
        allocation(3, 'RESERVED'),
        allocation(4, 'RESERVED', past(10 * MINUTE)),
        allocation(5, 'RESERVED', at(10 * MINUTE)),
        allocation(6, 'RELEASED', at(DAY)),
        allocation(8, 'ALLOCATED'),
      ]);
    };

    test('finds just what is due', async () => {
      await seedAll();
      const { unreleased, stale, stuck, old } = await findAll(store());
      expect({ unreleased: idsOf(unreleased), stale: idsOf(stale), stuck: idsOf(stuck), old: idsOf(old) }).toEqual({
        unreleased: [layout.id(8)],
        stale: [layout.id(4)],
        stuck: [layout.id(1)],
        old: [layout.id(6)],
      });
      expect(stuck).toMatchObject([{ state: 'RUNNING', startTime: new Date(past(48 * HOUR)), endTime: null }]);
      expect(stale).toMatchObject([{ status: 'RESERVED', allocationTime: new Date(past(10 * MINUTE)) }]);
    });

    test('counts just what is due', async () => {
      await seedAll();
      const { repository, transaction } = store();
      expect(await transaction((trx) => repository.countCompletedJobsWithUnreleasedResources(trx))).toBe(1);
      expect(await transaction((trx) => repository.countStaleReservations(trx, 10))).toBe(1);
    });

    test('repairs just what was found, and writes values as the columns hold them', async () => {
      await seedAll();
      const { repository, transaction } = store();
      const repairAll = async () => {
        const { unreleased, stale, stuck, old } = await findAll(store());
        await transaction(async (trx) => {
          expect(await repository.releaseResourcesForCompletedJobs(trx, unreleased)).toBe(1);
          expect(idsOf(await repository.cleanupStaleReservations(trx, stale))).toEqual(idsOf(stale));
          const failed = await repository.markJobsAsFailed(trx, stuck, 'too long');
          expect(failed).toMatchObject([{ id: layout.id(1), state: 'FAILED', endTime: now }]);
          expect(idsOf(await repository.releaseResourcesForJobs(trx, failed))).toEqual([layout.id(1)]);
          expect(await repository.deleteJobsBatch(trx, old)).toBe(1);
        });
      };
      const tables = { [jobs.table]: jobs.id, [allocations.table]: allocations.id };
      const bare = (column: string) => column.replaceAll('"', '');
      const failed = (errorMsg: string, exitCode: string) => ({
        [bare(jobs.state)]: String(layout.state('FAILED')),
        [bare(jobs.endTime)]: layout.writtenNow,
        ...(jobs.errorMsg !== null && { [bare(jobs.errorMsg)]: errorMsg }),
        ...(jobs.exitCode !== null && { [bare(jobs.exitCode)]: exitCode }),
      });
      const released = {
        [bare(allocations.status)]: String(layout.status('RELEASED')),
        [bare(allocations.releasedTime)]: layout.writtenNow,
      };
      expect(await changesOf(cluster.sql, repairAll, tables)).toEqual({
        [`${jobs.table}/${layout.id(1)}`]: failed('too long', '-2:0'),
        [`${allocations.table}/${layout.id(1)}`]: released,
        [`${jobs.table}/${layout.id(4)}`]: failed(presets.en.staleReservationError, '-3:0'),
        [`${allocations.table}/${layout.id(4)}`]: released,
        [`${jobs.table}/${layout.id(6)}`]: 'deleted',
        [`${allocations.table}/${layout.id(6)}`]: 'deleted',
        [`${allocations.table}/${layout.id(8)}`]: released,
      });
    });

    test('continues after every row of a page', async () => {
      await seedAll();
      await insert(
        cluster.sql,
        jobs.table,
        [11, 12].map((id) => job(id, 'RUNNING', { start: past(48 * HOUR) })),
      );
      const { repository, transaction } = store();
      const page = (after?: Awaited<ReturnType<typeof repository.getStuckJobs>>[number]) =>
        transaction((trx) => repository.getStuckJobs(trx, 48, { limit: 1, after }));
      const [first] = await page();
      const [second] = await page(first);
      const [third] = await page(second);
      expect([first?.id, second?.id, third?.id]).toEqual([1, 11, 12].map(layout.id));
      expect(await page(third)).toEqual([]);
    });
  });
}
