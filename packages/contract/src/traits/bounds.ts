import type { CleanupRepository } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';

const NO_AGES = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined, 'ten', 1e12];
const NO_ROWS = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 'all'];

/** What is read with one bound: an age, or a number of rows. */
interface Read {
  readonly what: string;
  read<Session>(repository: CleanupRepository<Session>, session: Session, bound: number): Promise<unknown>;
}

const aged: readonly Read[] = [
  {
    what: 'countStaleReservations',
    read: (repository, session, age) => repository.countStaleReservations(session, age),
  },
  { what: 'getStaleReservations', read: (repository, session, age) => repository.getStaleReservations(session, age) },
  { what: 'getStuckJobs', read: (repository, session, age) => repository.getStuckJobs(session, age) },
  { what: 'getOldJobs', read: (repository, session, age) => repository.getOldJobs(session, age) },
];

const limited: readonly Read[] = [
  {
    what: 'countCompletedJobsWithUnreleasedResources',
    read: (repository, session, atMost) => repository.countCompletedJobsWithUnreleasedResources(session, { atMost }),
  },
  {
    what: 'getCompletedJobsWithUnreleasedResources',
    read: (repository, session, limit) => repository.getCompletedJobsWithUnreleasedResources(session, { limit }),
  },
  {
    what: 'countStaleReservations',
    read: (repository, session, atMost) => repository.countStaleReservations(session, 10, { atMost }),
  },
  {
    what: 'getStaleReservations',
    read: (repository, session, limit) => repository.getStaleReservations(session, 10, { limit }),
  },
  { what: 'getStuckJobs', read: (repository, session, limit) => repository.getStuckJobs(session, 48, { limit }) },
  { what: 'getOldJobs', read: (repository, session, limit) => repository.getOldJobs(session, 30, { limit }) },
];

/** A bound that bounds nothing is refused: taken for none, it would reach every row. */
export function describeBounds<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const testRefusal = ({ what, read }: Read, kind: string, bounds: readonly unknown[]) => {
    test(`${what} refuses ${kind}`, async () => {
      const { repository, transaction } = cluster.store();
      for (const bound of bounds) {
        const refused = transaction((session) => read(repository, session, bound as number));
        await expect(refused, `with ${String(bound)}`).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      }
    });
  };

  describe('a bound that is none', () => {
    for (const read of aged) testRefusal(read, 'an age that is no age', NO_AGES);
    for (const read of limited) testRefusal(read, 'a number of rows that is none', NO_ROWS);
  });
}
