import {
  type CleanupStore,
  type CleanupStrategy,
  isJobsweepError,
  type PassOptions,
  planPass,
  runPass,
} from '@jobsweep/core';
import type { StrategyReport } from './report.js';

/** What a strategy's turn in a round came to. */
export type Turn = Omit<StrategyReport, 'name' | 'description'>;

/** Runs the strategy's pass. */
export async function passTurn<Session>(
  store: CleanupStore<Session>,
  strategy: CleanupStrategy<Session>,
  options: PassOptions,
): Promise<Turn> {
  const pass = await runPass(store, strategy, options);
  return { status: pass.status, pass, ...(pass.error && { reason: pass.error.message }) };
}

/** Looks at what the strategy's pass would find. */
export async function planTurn<Session>(
  store: CleanupStore<Session>,
  strategy: CleanupStrategy<Session>,
  signal: AbortSignal | undefined,
): Promise<Turn> {
  try {
    return { status: 'planned', plan: await planPass(store, strategy, { signal }) };
  } catch (error) {
    if (isJobsweepError(error, 'ABORTED')) return { status: 'aborted', reason: 'The round was aborted in its turn' };
    return { status: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Only a failure in this round, or a skip because of one, keeps a dependent strategy from its turn. */
export function stoppedBy(
  { metadata }: Pick<CleanupStrategy<never>, 'metadata'>,
  reports: ReadonlyMap<string, StrategyReport>,
): Turn | undefined {
  const culprit = metadata.dependsOn.find((name) => {
    const status = reports.get(name)?.status;
    return status === 'failed' || status === 'blocked';
  });
  if (culprit === undefined) return undefined;
  return {
    status: 'blocked',
    reason: `${culprit}, which it depends on, ${reports.get(culprit)?.status} in this round`,
  };
}

/** Once the round is aborted, nothing begins any more. */
export function abortedBefore(signal: AbortSignal | undefined): Turn | undefined {
  return signal?.aborted === true ? { status: 'aborted', reason: 'The round was aborted before its turn' } : undefined;
}

/** Whether the round is not `ok` because of this. */
export function isFailure(status: StrategyReport['status']): boolean {
  return status === 'failed' || status === 'blocked' || status === 'aborted';
}
