import { type Check, COUNT_AT_MOST, countedUpTo, NO_DIAGNOSIS } from '../check.js';

/** Allocations that hold something for jobs that do not exist. */
export const orphans: Check = {
  name: 'orphans',
  needsTables: true,
  async run({ diagnosis, signal }) {
    if (diagnosis === undefined) return NO_DIAGNOSIS;
    const rows = await diagnosis.orphans({ atMost: COUNT_AT_MOST, signal });
    if (rows === null) return { summary: 'there is no table of allocations', isSkipped: true };
    if (rows === 0) return { summary: 'every allocation that is not released has its job' };
    return {
      summary: '',
      findings: [
        {
          severity: 'warning',
          subject: 'allocations.jobId',
          problem: `${countedUpTo(rows)} allocations hold something for a job that does not exist, so nothing judges them`,
          fix: 'Release or delete them by hand, and add a foreign key so that none come again',
        },
      ],
    };
  },
};
