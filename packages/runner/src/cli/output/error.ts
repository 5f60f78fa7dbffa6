import { databaseWords, isJobsweepError, type Retry, retryOf } from '@jobsweep/core';
import type { Output } from './output.js';

/** An error for programs. */
export interface KnownError {
  readonly code: string | null;
  readonly message: string;
  readonly retry: Retry;
}

export const errorToJson = (error: Error): KnownError => ({
  code: isJobsweepError(error) ? error.code : null,
  message: error.message,
  retry: retryOf(error),
  ...databaseWords(error),
});

/** Beside an answer that has them too: what failed, one line a strategy. */
export function complainOf(output: Output, failed: readonly (readonly [strategy: string, error: KnownError])[]): void {
  for (const [strategy, error] of failed) output.complainJson({ error: { strategy, ...error } });
}
