import {
  asError,
  type CleanupStore,
  type CleanupStrategy,
  errorText,
  isJobsweepError,
  type Logger,
  planPass,
} from '@jobsweep/core';
import type { Words } from '../words/words.js';
import type { StrategyReport } from './report.js';

/** What a strategy's turn in a round came to. */
export type Turn = Omit<StrategyReport, 'name' | 'description'>;

/** Looks at what the strategy's pass would find. */
export async function planTurn<Session>(
  store: CleanupStore<Session>,
  strategy: CleanupStrategy<Session>,
  signal: AbortSignal | undefined,
  words: Words['reasons'],
): Promise<Turn> {
  try {
    return { status: 'planned', plan: await planPass(store, strategy, { signal }) };
  } catch (error) {
    if (isJobsweepError(error, 'ABORTED')) return { status: 'aborted', reason: words.abortedInTurn };
    return { status: 'failed', reason: errorText(error), error: asError(error) };
  }
}

/** Only a failure in this round, or a skip because of one, keeps a dependent strategy from its turn. */
export function stoppedBy(
  { metadata }: Pick<CleanupStrategy<never>, 'metadata'>,
  reports: ReadonlyMap<string, StrategyReport>,
  words: Words['reasons'],
): Turn | undefined {
  for (const name of metadata.dependsOn) {
    const status = reports.get(name)?.status;
    if (status === 'failed' || status === 'blocked')
      return { status: 'blocked', reason: words.dependsOn(name, status) };
  }
  return undefined;
}

/** Once the round is aborted or the runner stopped, nothing begins any more. */
export function abortedBefore(
  signal: AbortSignal | undefined,
  stopSignal: AbortSignal,
  words: Words['reasons'],
): Turn | undefined {
  if (signal?.aborted) return { status: 'aborted', reason: words.abortedBefore };
  if (stopSignal.aborted) return { status: 'aborted', reason: words.stoppedBefore };
  return undefined;
}

/** Whether the round is not `ok` because of this. */
export function isFailure(status: StrategyReport['status']): boolean {
  return status === 'failed' || status === 'blocked' || status === 'tripped' || status === 'aborted';
}

/** Says why a strategy had no turn, or that it failed. What a pass did is told by its strategy. */
export function sayWhy({ name, status, reason }: StrategyReport, logger: Logger): void {
  if (status === 'failed') logger.error(`[${name}] Failed: ${reason}`);
  else if (status === 'blocked') logger.warn(`[${name}] Skipped: ${reason}`);
  else if (status === 'aborted') logger.info(`[${name}] Skipped: ${reason}`);
}
