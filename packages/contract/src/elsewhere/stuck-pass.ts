import {
  type CleanupStore,
  type Job,
  presets,
  runPass,
  StuckJobCleanupStrategy,
  type WriteOptions,
} from '@jobsweep/core';
import type { PassOrder, PassTold, Point } from './messages.js';

/** A pass of stuck_job_cleanup under a claim, which waits where it is told to. */
export async function runStuckPass<Session>(
  store: CleanupStore<Session>,
  { claim, errorMsg, batchRows, waitAt }: PassOrder,
  wait: (point: Point) => Promise<void> = async () => undefined,
): Promise<PassTold> {
  let passedBy = 0;
  const at = async (point: Point) => {
    if (point !== waitAt?.point) return;
    passedBy += 1;
    if (passedBy === waitAt.after + 1) await wait(point);
  };

  class WaitingStrategy extends StuckJobCleanupStrategy<Session> {
    override async repair(session: Session, jobs: readonly Job[], options: WriteOptions<Job>): Promise<Job[]> {
      const repaired = await super.repair(session, jobs, options);
      await at('wrote');
      return repaired;
    }
  }
  const hold = async (session: Session) => {
    await at('before hold');
    const progress = await store.claims.hold(session, claim);
    await at('held');
    return progress;
  };
  const transaction: typeof store.transaction = async (work, options) => {
    if (options?.readOnly !== true) await at('before batch');
    return store.transaction(work, options);
  };
  const texts = { ...presets.en, stuckJobError: errorMsg };
  const { status, stopReason, itemsCleaned } = await runPass(
    { transaction, claims: { ...store.claims, hold } },
    new WaitingStrategy(store.repository, { texts }),
    { claim, batchRows, pauseFraction: 0 },
  );
  return { status, stopReason, itemsCleaned };
}
