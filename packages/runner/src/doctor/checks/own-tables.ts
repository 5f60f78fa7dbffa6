import type { Check } from '../check.js';
import type { Finding } from '../diagnosis.js';

/** jobsweep's own tables, without which it works alone. */
export const ownTables: Check = {
  name: 'ownTables',
  needsTables: false,
  async run({ store, usesOwnTables, signal }) {
    if (!usesOwnTables) return { summary: 'not used, as the config says', isSkipped: true };
    const states = await store.ownTables.state({ signal });
    if (states.length === 0) return { summary: 'this adapter makes none', isSkipped: true };
    const findings = states.flatMap(({ table, exists, problem }): Omit<Finding, 'check'>[] => {
      if (!exists) {
        const fix = 'Run `jobsweep init --apply`, or leave it: one runner works alone, without history';
        return [{ severity: 'info', subject: table, problem: 'This table of jobsweep is missing', fix }];
      }
      if (problem === null) return [];
      return [{ severity: 'error', subject: table, problem, fix: 'Put it right as `jobsweep init` shows the table' }];
    });
    return { summary: states.map(({ table }) => table).join(', '), findings, facts: { ownTables: states } };
  },
};
