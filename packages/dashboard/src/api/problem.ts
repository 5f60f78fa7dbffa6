import { errorText, isJobsweepError, withoutSecrets } from '@jobsweep/core';

/** What went wrong, in the words of the page. */
export interface Problem {
  /** Of a `JobsweepError`, or one of the page's own. */
  readonly code: string;
  readonly message: string;
}

/** Why the database gave no answer. */
export const problemOf = (error: unknown): Problem => ({
  code: isJobsweepError(error) ? error.code : 'UNKNOWN',
  message: withoutSecrets(errorText(error)),
});
