import type { AllocationWithJob, CleanupRepository, Job, ResourceAllocation } from '@jobsweep/core';
import type { Columns } from '../../cluster.js';
import { changesOf } from '../../support/changes.js';
import { handMade, recordOutcomes } from '../../support/outcomes.js';
import { allocation, job } from '../../support/rows.js';
import { clock, DAY, HOUR } from '../../support/times.js';
import type { ClusterUnderTest } from '../../support/under-test.js';

export type Filters = NonNullable<NonNullable<Parameters<ClusterUnderTest<object>['store']>[0]>['filters']>;

type Ids = Record<'changed' | 'contended', readonly string[]>;

/** Rows that some store read: any store can be told to write them. */
interface Given {
  /** The jobs of the rows. */
  readonly jobs: readonly string[];
  /** How many there are, where the port has an operation that says so. */
  readonly count?: number;
  write<Session>(repository: CleanupRepository<Session>, session: Session, isByHand?: boolean): Promise<Ids>;
}

/** A write of the port and how the rows for it are read. Each job here has one allocation, of the same id. */
export interface Cleanup {
  readonly name: string;
  /** A row of the jobs and its allocation that are due by the limits below, by far. */
  due(ago: (seconds: number) => string): readonly [job: Columns, allocation: Columns];
  /** @param limit in the unit of the operation; has a default. */
  read<Session>(repository: CleanupRepository<Session>, session: Session, limit?: number): Promise<Given>;
}

export const LIMITS = { staleReservationMinutes: 10, stuckHours: 48, oldDays: 30 } as const;

const jobsOf = (rows: readonly AllocationWithJob[]) => rows.map(({ jobId }) => jobId);
const idsOf = (rows: readonly Job[]) => rows.map(({ id }) => id);
const byHand = (allocations: readonly AllocationWithJob[]) =>
  allocations.map((row) => ({ ...handMade(row), job: handMade(row.job) }));

async function outcomeOf<Row extends { readonly id: string }>(
  write: (record: ReturnType<typeof recordOutcomes<Row>>) => Promise<unknown>,
): Promise<Ids> {
  const record = recordOutcomes<Row>();
  await write(record);
  return record.outcomes[0] ?? { changed: [], contended: [] };
}

const finished = (ago: (seconds: number) => string): Columns => ({
  state: 'COMPLETED',
  startTime: ago(61 * DAY),
  endTime: ago(60 * DAY),
});

export const releaseOfFinished: Cleanup = {
  name: 'releaseResourcesForCompletedJobs',
  due: (ago) => [finished(ago), { status: 'ALLOCATED', allocationTime: ago(61 * DAY) }],
  async read(repository, session) {
    const rows = await repository.getCompletedJobsWithUnreleasedResources(session);
    const count = await repository.countCompletedJobsWithUnreleasedResources(session);
    const write: Given['write'] = (writer, trx, isByHand) =>
      outcomeOf<AllocationWithJob>((record) =>
        writer.releaseResourcesForCompletedJobs(trx, isByHand ? byHand(rows) : rows, record),
      );
    return { jobs: jobsOf(rows), count, write };
  },
};

export const cleanStale: Cleanup = {
  name: 'cleanupStaleReservations',
  due: (ago) => [
    { state: 'RUNNING', startTime: ago(HOUR) },
    { status: 'RESERVED', allocationTime: ago(HOUR) },
  ],
  async read(repository, session, limit = LIMITS.staleReservationMinutes) {
    const rows = await repository.getStaleReservations(session, limit);
    const count = await repository.countStaleReservations(session, limit);
    const write: Given['write'] = (writer, trx, isByHand) =>
      outcomeOf<AllocationWithJob>((record) =>
        writer.cleanupStaleReservations(trx, isByHand ? byHand(rows) : rows, undefined, record),
      );
    return { jobs: jobsOf(rows), count, write };
  },
};

export const failStuck: Cleanup = {
  name: 'markJobsAsFailed',
  due: (ago) => [
    { state: 'RUNNING', startTime: ago(60 * HOUR) },
    { status: 'ALLOCATED', allocationTime: ago(HOUR) },
  ],
  async read(repository, session, limit = LIMITS.stuckHours) {
    const rows = await repository.getStuckJobs(session, limit);
    const write: Given['write'] = (writer, trx, isByHand) =>
      outcomeOf<Job>((record) =>
        writer.markJobsAsFailed(trx, isByHand ? rows.map(handMade) : rows, 'Stuck', undefined, record),
      );
    return { jobs: idsOf(rows), write };
  },
};

export const releaseOfJobs: Cleanup = {
  name: 'releaseResourcesForJobs',
  due: releaseOfFinished.due,
  async read(repository, session, limit = LIMITS.oldDays) {
    const rows = await repository.getOldJobs(session, limit);
    const write: Given['write'] = (writer, trx, isByHand) =>
      outcomeOf<ResourceAllocation>((record) =>
        writer.releaseResourcesForJobs(trx, isByHand ? rows.map(handMade) : rows, record),
      );
    return { jobs: idsOf(rows), write };
  },
};

export const deleteOld: Cleanup = {
  name: 'deleteJobsBatch',
  due: (ago) => [finished(ago), { status: 'RELEASED', allocationTime: ago(61 * DAY), releasedTime: ago(60 * DAY) }],
  async read(repository, session, limit = LIMITS.oldDays) {
    const rows = await repository.getOldJobs(session, limit);
    const write: Given['write'] = (writer, trx, isByHand) =>
      outcomeOf<Job>((record) => writer.deleteJobsBatch(trx, isByHand ? rows.map(handMade) : rows, record));
    return { jobs: idsOf(rows), write };
  },
};

export const cleanups: readonly Cleanup[] = [releaseOfFinished, cleanStale, failStuck, releaseOfJobs, deleteOld];

/** A job of a test, by the columns in which it and its allocation differ from one that is due. */
export interface Case {
  readonly job?: Columns;
  readonly allocation?: Columns;
}

/** What tests of filters do with a cluster. */
export function filtered<Session extends object>(cluster: ClusterUnderTest<Session>) {
  const ascending = (ids: readonly string[]) => [...new Set(ids)].sort((a, b) => Number(a) - Number(b));
  const under = (filters: Filters | undefined) => cluster.store({ clock, ...(filters && { filters }) });

  return {
    /** Seeds jobs 1, 2, 3 and so on. */
    async seed(cleanup: Cleanup, cases: readonly Case[]): Promise<void> {
      const [dueJob, dueAllocation] = cleanup.due(cluster.ago);
      await cluster.seed({
        jobs: cases.map((each, index) => job(index + 1, { ...dueJob, ...each.job })),
        allocations: cases.map((each, index) =>
          allocation(index + 1, index + 1, { ...dueAllocation, ...each.allocation }),
        ),
      });
    },

    /** Reads with a store that has these filters, or none. */
    read(cleanup: Cleanup, filters?: Filters, limit?: number): Promise<Given> {
      const { repository, transaction } = under(filters);
      return transaction((session) => cleanup.read(repository, session, limit));
    },

    /** Writes with a store that has these filters. Gives the jobs of all rows that changed, and what the write said. */
    async write(given: Given, filters: Filters, isByHand = false): Promise<{ jobs: readonly string[]; said: Ids }> {
      const { repository, transaction } = under(filters);
      let said: Ids = { changed: [], contended: [] };
      const changes = await changesOf(cluster, async () => {
        said = await transaction((session) => given.write(repository, session, isByHand));
      });
      return {
        jobs: ascending(Object.keys(changes).map((key) => key.slice(key.indexOf('/') + 1))),
        said: { changed: ascending(said.changed), contended: ascending(said.contended) },
      };
    },

    ascending,
  };
}

/** The ids that `seed` gives to a list, from `first` on. */
export const idsFrom = (first: number, list: readonly unknown[]): string[] =>
  list.map((_each, index) => String(first + index));
