import { type Check, COUNT_AT_MOST, countedUpTo, noDiagnosis } from '../check.js';

/** Allocations that hold something for jobs that do not exist. */
export const orphans: Check = {
  name: 'orphans',
  needsTables: true,
  async run(context) {
    const { diagnosis, words, signal } = context;
    if (diagnosis === undefined) return noDiagnosis(context);
    const rows = await diagnosis.orphans({ atMost: COUNT_AT_MOST, signal });
    if (rows === null) return { summary: words.noAllocations, isSkipped: true };
    if (rows === 0) return { summary: words.noOrphans };
    return {
      summary: '',
      findings: [{ severity: 'warning', subject: 'allocations.jobId', ...words.orphans(countedUpTo(rows)) }],
    };
  },
};
