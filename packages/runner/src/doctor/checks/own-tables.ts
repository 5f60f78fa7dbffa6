import type { Words } from '../../words/words.js';
import type { Check } from '../check.js';
import type { Finding } from '../diagnosis.js';

/** jobsweep's own tables, without which it works alone. */
export const ownTables: Check = {
  name: 'ownTables',
  needsTables: false,
  async run({ store, usesOwnTables, words, signal }) {
    if (!usesOwnTables) return { summary: words.ownTablesUnused, isSkipped: true };
    const states = await store.ownTables.state({ signal });
    if (states.length === 0) return { summary: words.ownTablesNone, isSkipped: true };
    const missing = states.filter(({ exists }) => !exists).map(({ table }) => table);
    const findings: Omit<Finding, 'check'>[] = states.flatMap(({ table, problem }) => {
      const fix = words.ownTableWrong;
      return problem === null ? [] : [{ severity: 'error' as const, subject: table, problem, fix }];
    });
    if (missing.length > 0) findings.push(missingTables(missing, words));
    return { summary: states.map(({ table }) => table).join(', '), findings, facts: { ownTables: states } };
  },
};

const missingTables = (tables: readonly string[], words: Words['doctor']): Omit<Finding, 'check'> => ({
  severity: 'info',
  subject: tables.join(', '),
  ...words.ownTablesMissing(tables.length),
});
