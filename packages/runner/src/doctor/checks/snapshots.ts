import { duration } from '../../words/numbers.js';
import { wordsOf } from '../../words/words.js';
import { type Check, noDiagnosis } from '../check.js';

/** A backup or a report may take so long, and what it keeps is soon gone. */
const TOLERATED_SECONDS = 600;

/** Whether somebody keeps deleted rows, past which each look for rows that are due has to read. */
export const snapshots: Check = {
  name: 'snapshots',
  needsTables: false,
  async run(context) {
    const { diagnosis, words, told, signal } = context;
    const found = await diagnosis?.oldSnapshots({ signal });
    if (found == null) return noDiagnosis(context);
    const { time } = wordsOf(told.locale);
    return {
      summary: words.noOldSnapshots,
      findings: found
        .filter(({ ageSeconds }) => ageSeconds === null || ageSeconds > TOLERATED_SECONDS)
        .map(({ holder, ageSeconds }) => ({
          severity: 'warning',
          subject: holder,
          ...words.oldSnapshot(ageSeconds === null ? undefined : duration(ageSeconds, time)),
        })),
    };
  },
};
