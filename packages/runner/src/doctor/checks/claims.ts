import { type Check, hasOwnTables } from '../check.js';

/** Turns that were begun and never ended. */
export const claims: Check = {
  name: 'claims',
  needsTables: false,
  async run({ store, config, facts, words, signal }) {
    if (!hasOwnTables(facts)) return { summary: words.noClaims, isSkipped: true };
    const states = await store.claims.list({ config, signal });
    const held = states.filter(({ holder, isLapsed }) => holder !== null && !isLapsed);
    return {
      summary: held.length === 0 ? words.turnsFree : words.turnsHeld(held.length),
      findings: states
        .filter(({ isLapsed }) => isLapsed)
        .map(({ strategy, holder, expiresAt }) => ({
          severity: 'warning',
          subject: strategy,
          ...words.lapsed(holder ?? '', expiresAt?.toISOString()),
        })),
      facts: { claims: states },
    };
  },
};
