import type { Change, Claim, CleanupStore } from '@jobsweep/core';
import { allocation, job } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { aRequest, claimed } from './turns.js';

/** Turns that change rows, of a cluster whose tables are as a test leaves them. */
export function changingTurns<Session extends object>(cluster: ClusterUnderTest<Session>) {
  const store = () => cluster.store();
  const inBatch = <Result>(
    { claims, transaction }: CleanupStore<Session>,
    claim: Claim,
    work: (session: Session) => Promise<Result>,
  ) =>
    transaction(async (session) => {
      await claims.hold(session, claim);
      return work(session);
    });

  /** Fails the stuck jobs, and releases what they hold, in a turn of its own. */
  const failStuck = async (on = store(), request = aRequest()) => {
    const claim = await claimed(on.claims, request);
    await inBatch(on, claim, async (session) => {
      const { repository } = on;
      const jobs = await repository.getStuckJobs(session, 48);
      const failed = await repository.markJobsAsFailed(session, jobs, 'too long', '-2:0');
      await repository.releaseResourcesForJobs(session, failed);
    });
    return claim;
  };
  /** Deletes the old jobs. */
  const deleteOld = async (on = store()) => {
    const claim = await claimed(on.claims, aRequest());
    await inBatch(on, claim, async (session) => {
      await on.repository.deleteJobsBatch(session, await on.repository.getOldJobs(session, 30));
    });
    return claim;
  };
  const undoable = (on: CleanupStore<Session>, { pass }: Pick<Claim, 'pass'>) =>
    on.transaction((session) => on.changes.getUndoable(session, { pass }, { limit: 100 }));

  /** Two jobs that are stuck with an allocation each, and one that is not. */
  const seedStuck = () =>
    cluster.seed({
      jobs: [
        job(1, { startTime: cluster.ago(3 * DAY), errorMsg: 'slow' }),
        job(2, { startTime: cluster.ago(4 * DAY) }),
        job(3, { startTime: 'now' }),
      ],
      allocations: [
        allocation(11, 1, { allocationTime: cluster.ago(3 * DAY), note: 'gpu-1' }),
        allocation(12, 2, { allocationTime: cluster.ago(3 * DAY), status: 'RESERVED', note: 'gpu-2' }),
        allocation(13, 3, { note: 'gpu-3' }),
      ],
    });
  return { inBatch, failStuck, deleteOld, undoable, seedStuck };
}

/** In the order of their numbers: that of the changes is up to the server. */
export const idsIn = (changes: readonly Change[]) =>
  changes.map(({ rowId }) => rowId).sort((one, other) => Number(one) - Number(other));
