import { isJobsweepError } from '@jobsweep/core';

/** What was read from jobsweep's own tables; `undefined`: they are missing, or hidden from this user. */
export async function unlessHidden<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    // MySQL and MariaDB say of a table that is missing, or hidden, that it may not be read; and a role that only plans need not read it.
    if (isJobsweepError(error, 'NOT_INITIALIZED', 'PERMISSION_DENIED')) return undefined;
    throw error;
  }
}
