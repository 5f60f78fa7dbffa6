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
    const missing = states.filter(({ exists }) => !exists).map(({ table }) => table);
    const findings: Omit<Finding, 'check'>[] = states.flatMap(({ table, problem }) => {
      const fix = 'Put it right as `jobsweep init` shows the table';
      return problem === null ? [] : [{ severity: 'error' as const, subject: table, problem, fix }];
    });
    if (missing.length > 0) findings.push(missingTables(missing));
    return { summary: states.map(({ table }) => table).join(', '), findings, facts: { ownTables: states } };
  },
};

const missingTables = (tables: readonly string[]): Omit<Finding, 'check'> => ({
  severity: 'info',
  subject: tables.join(', '),
  problem: `${tables.length === 1 ? 'This table of jobsweep is' : 'These tables of jobsweep are'} missing, or hidden from this user`,
  fix: 'Run `jobsweep init --apply`, or leave it: one runner works alone, without history',
});
