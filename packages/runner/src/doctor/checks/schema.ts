import { STRATEGY_NAMES } from '@jobsweep/core';
import { type Check, many } from '../check.js';

/** Whether the mapping fits the tables. */
export const schema: Check = {
  name: 'schema',
  needsTables: false,
  async run({ store, signal }) {
    const mistakes = await store.inspect.schema({ signal });
    const { strategies } = store.capabilities;
    const impossible = STRATEGY_NAMES.filter((name) => !strategies.includes(name));
    return {
      summary: 'tables and columns are as the mapping says',
      findings: [
        ...mistakes.map(({ path, problem, fix }) => ({ severity: 'error', subject: path, problem, fix }) as const),
        ...impossible.map((name) => ({
          severity: 'info' as const,
          subject: name,
          problem: 'Not possible on these tables',
          fix: `Nothing, ${many(strategies.length, 'strategy remains', 'strategies remain')}; or map the table of allocations`,
        })),
      ],
    };
  },
};
