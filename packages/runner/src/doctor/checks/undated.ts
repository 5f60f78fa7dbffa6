import type { Rule } from '@jobsweep/core';
import { countedTotals } from '../../counted.js';
import { ruleAgeSeconds } from '../../rule-age.js';
import { type Check, COUNT_AT_MOST, countedUpTo } from '../check.js';

const TIME_OF: Readonly<Record<Rule['name'], string>> = {
  completed_job_cleanup: 'end',
  stale_reservation_cleanup: 'allocation',
  stuck_job_cleanup: 'start',
  old_job_cleanup: 'end',
};

/** Rows that no age ever makes due. Counts all that `violations` shows, since one look gives both. */
export const undated: Check = {
  name: 'undated',
  needsTables: true,
  async run({ store, strategies, signal }) {
    const violations = [];
    for (const { name, rule } of strategies) {
      const totals = await store.inspect.totals(rule, { atMost: COUNT_AT_MOST, signal });
      violations.push({
        strategy: name,
        ...countedTotals(totals, rule.name, COUNT_AT_MOST),
        oldestOverdueSeconds: overdue(rule, totals.oldestAgeSeconds),
      });
    }
    return {
      summary: 'every row has the time that it is judged by',
      findings: violations
        .filter((one) => one.undated > 0)
        .map(({ strategy, undated: rows }) => ({
          severity: 'warning',
          subject: strategy,
          problem: `${rows === 1 ? '1 row has' : `${countedUpTo(rows)} rows have`} no ${TIME_OF[strategy as Rule['name']]} time, never to be due`,
          fix: 'Set the time, or judge these rows by hand',
        })),
      facts: { violations },
    };
  },
};

function overdue(rule: Rule, ageSeconds: number | null): number | null {
  return ageSeconds === null ? null : Math.max(0, ageSeconds - ruleAgeSeconds(rule));
}
