import { STRATEGY_NAMES } from '@jobsweep/core';
import { findingInWords } from '../../connection/fitting-schema.js';
import type { Check } from '../check.js';

/** Whether the mapping fits the tables. */
export const schema: Check = {
  name: 'schema',
  needsTables: false,
  async run({ store, told, words, signal }) {
    const mistakes = await store.inspect.schema({ signal });
    const { strategies } = store.capabilities;
    // Whoever says that there is no table of allocations knows what goes with it.
    const hasAllocations = strategies.includes('completed_job_cleanup');
    const impossible = hasAllocations ? STRATEGY_NAMES.filter((name) => !strategies.includes(name)) : [];
    return {
      summary: words.schemaFits,
      findings: [
        ...mistakes.map((mistake) => {
          const { option, problem, fix } = findingInWords(mistake, told);
          return { severity: 'error', subject: option, problem, fix } as const;
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
