import type { Rule } from '@jobsweep/core';
import { countedTotals } from '../../plan/counted-totals.js';
import { ruleAgeSeconds } from '../../plan/rule-age.js';
import { type Check, COUNT_AT_MOST, countedUpTo } from '../check.js';

/** Rows that no age ever makes due. Counts all that `violations` shows, since one look gives both. */
export const undated: Check = {
  name: 'undated',
  needsTables: true,
  async run({ store, strategies, words, signal }) {
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
      summary: words.allDated,
      findings: violations
        .filter((one) => one.undated > 0)
        .map(({ strategy, undated: rows }) => ({
          severity: 'warning',
          subject: strategy,
          ...words.undated(rows, countedUpTo(rows), strategy as Rule['name']),
        })),
      facts: { violations },
    };
  },
};

function overdue(rule: Rule, ageSeconds: number | null): number | null {
  return ageSeconds === null ? null : Math.max(0, ageSeconds - ruleAgeSeconds(rule));
}
