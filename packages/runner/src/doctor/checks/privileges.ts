import { type Check, hasOwnTables, NO_DIAGNOSIS } from '../check.js';

/** What the connection's user may not do and must. */
export const privileges: Check = {
  name: 'privileges',
  needsTables: true,
  async run({ diagnosis, strategies, facts, signal }) {
    if (diagnosis === undefined) return NO_DIAGNOSIS;
    const missing = await diagnosis.missingPrivileges({
      strategies: strategies.map(({ rule }) => rule.name),
      // Tables that are not there need none yet; whoever makes them owns them.
      ownTables: hasOwnTables(facts),
      signal,
    });
    return {
      summary: 'the user may do all that the strategies need',
      findings: missing.map(({ privilege, on, strategies: users }) => ({
        severity: 'error',
        subject: on,
        problem: `The user lacks ${privilege}${users.length === 0 ? '' : `, for ${users.join(', ')}`}`,
        fix: 'Run what `jobsweep doctor --grants <user>` prints',
      })),
    };
  },
};
