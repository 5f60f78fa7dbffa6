import { type Check, type CheckOutcome, hasOwnTables } from '../check.js';

type Findings = NonNullable<CheckOutcome['findings']>;

/** Turns that were begun and never ended, strategies that are paused, and approvals that stand. */
export const claims: Check = {
  name: 'claims',
  needsTables: false,
  async run({ store, config, facts, words, signal }) {
    if (!hasOwnTables(facts)) return { summary: words.noClaims, isSkipped: true };
    const states = await store.claims.list({ config, signal });
    const held = states.filter(({ holder, isLapsed }) => holder !== null && !isLapsed);
    return {
      summary: held.length === 0 ? words.turnsFree : words.turnsHeld(held.length),
      findings: states.flatMap(
        ({ strategy: subject, holder, isLapsed, expiresAt, approval, pause }): Findings => [
          ...(isLapsed
            ? [{ severity: 'warning' as const, subject, ...words.lapsed(holder ?? '', expiresAt?.toISOString()) }]
            : []),
          ...(pause === null
            ? []
            : [{ severity: 'info' as const, subject, ...words.paused(pause.by, pause.until?.toISOString()) }]),
          ...(approval === null
            ? []
            : [{ severity: 'info' as const, subject, ...words.approved(approval.rows, approval.until.toISOString()) }]),
        ],
      ),
      facts: { claims: states },
    };
  },
};
