import { type Check, hasOwnTables, many } from '../check.js';

/** Turns that were begun and never ended. */
export const claims: Check = {
  name: 'claims',
  needsTables: false,
  async run({ store, config, facts, signal }) {
    if (!hasOwnTables(facts)) return { summary: 'nobody keeps claims', isSkipped: true };
    const states = await store.claims.list({ config, signal });
    const held = states.filter(({ holder, isLapsed }) => holder !== null && !isLapsed);
    return {
      summary: held.length === 0 ? 'all turns are free' : `${many(held.length, 'turn is', 'turns are')} held`,
      findings: states
        .filter(({ isLapsed }) => isLapsed)
        .map(({ strategy, holder, expiresAt }) => ({
          severity: 'warning',
          subject: strategy,
          problem: `${holder} began a turn that it never ended; its claim lapsed at ${expiresAt?.toISOString() ?? 'an unknown time'}`,
          fix: 'Look for a runner that died there; the next one takes the turn over by itself',
        })),
      facts: { claims: states },
    };
  },
};
