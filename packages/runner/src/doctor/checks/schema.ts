import { USUAL_STRATEGY_NAMES } from '@jobsweep/core';
import { findingInWords, isOfEngine, rulesOf, severityFor } from '../../connection/fitting-schema.js';
import type { Check } from '../check.js';

/** Whether the mapping fits the tables. */
export const schema: Check = {
  name: 'schema',
  needsTables: false,
  async run({ store, strategies: taking, multiWriter, told, words, signal }) {
    const mistakes = await store.inspect.schema({ rules: rulesOf(taking), signal });
    const { strategies } = store.capabilities;
    // Whoever says that there is no table of allocations knows what goes with it.
    const hasAllocations = strategies.includes('completed_job_cleanup');
    // Nor does one that wants a column which few tables have go without saying.
    const impossible = hasAllocations ? USUAL_STRATEGY_NAMES.filter((name) => !strategies.includes(name)) : [];
    return {
      summary: words.schemaFits,
      isUnreadable: mistakes.some(
        (each) => each.severity !== 'warning' && each.strategies === undefined && !isOfEngine(each),
      ),
      findings: [
        ...mistakes.map((mistake) => {
          const { option, problem, fix } = findingInWords(mistake, told);
          return { severity: severityFor(mistake, { taking, multiWriter }), subject: option, problem, fix };
        }),
        ...impossible.map((name) => ({
          severity: 'info' as const,
          subject: name,
          ...(name === 'orphaned_allocation_cleanup' ? words.notPossibleFiltered : words.notPossible),
        })),
      ],
    };
  },
};
