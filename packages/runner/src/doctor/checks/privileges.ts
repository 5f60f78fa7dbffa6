import { type Check, hasOwnTables, noDiagnosis } from '../check.js';

/** What the connection's user may not do and must. */
export const privileges: Check = {
  name: 'privileges',
  needsTables: true,
  async run(context) {
    const { diagnosis, strategies, facts, words, signal } = context;
    if (diagnosis === undefined) return noDiagnosis(context);
    const missing = await diagnosis.missingPrivileges({
      strategies: strategies.map(({ rule }) => rule),
      // Tables that are not there need none yet; whoever makes them owns them.
      ownTables: hasOwnTables(facts),
      signal,
    });
    return {
      summary: words.privileged,
      findings: missing.map(({ privilege, on, strategies: users }) => ({
        severity: 'error',
        subject: on,
        ...words.lacks(privilege, users.join(', ')),
      })),
    };
  },
};
