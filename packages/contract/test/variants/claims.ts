import { type Claim, type Claims, NO_PROGRESS } from '@jobsweep/core';
import type { MemorySession } from '@jobsweep/core/memory';
import { anotherTurn } from '../support/turns.js';
import { CLAIMS, type ClaimRow, ClaimRows, claimId } from './claim-rows.js';
import type { Variant } from './variant.js';
import { withParts } from './with-parts.js';

const withClaims = (replaced: (claims: Claims<MemorySession>, rows: ClaimRows) => Partial<Claims<MemorySession>>) =>
  withParts(({ claims }, database) => ({ claims: { ...claims, ...replaced(claims, new ClaimRows(database)) } }));

/** The row of a claim as a transaction sees it, without a lock. */
const seen = async (session: MemorySession, claim: Claim): Promise<ClaimRow | undefined> =>
  session.select((view) => view.row(CLAIMS, claimId(claim)) as ClaimRow | undefined);

/** Faults in who gets a turn, and in what a batch does about it. */
export const claimVariants: readonly Variant[] = [
  {
    name: 'turn-without-lock',
    fault: 'a turn is looked at, and then taken',
    failsIn: 'claims > a turn > is given to exactly one of many who ask at once',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        const row = rows.of(request.strategy);
        await anotherTurn();
        if (row === undefined) await claims.acquire(request);
        else if (row.holder !== null) return claims.acquire(request);
        const claim = await rows.give(request, (row?.term ?? 0) + 1);
        return { outcome: 'claimed', claim, lapsed: null, now: new Date() };
      },
    })),
  },
  {
    name: 'turn-waited-for',
    fault: 'whoever asks for a turn waits for the batch that holds it',
    failsIn: 'claims > a batch > that is open keeps its turn, and whoever asks is told at once',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        await rows.wait(request.strategy);
        return claims.acquire(request);
      },
    })),
  },
  {
    name: 'turn-taken-early',
    fault: 'a turn is taken over before its term is over',
    failsIn: 'claims > a turn > lapses when its term is over, and not before',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        await rows.endBefore(request.strategy, new Date(Date.now() + 120_000));
        return claims.acquire(request);
      },
    })),
  },
  {
    name: 'turn-by-own-clock',
    fault: 'a turn has lapsed when this process thinks so',
    failsIn:
      'claims > a process whose clock is five minutes ahead > neither takes what another one holds, nor waits for what has lapsed',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        await rows.endBefore(request.strategy, new Date());
        return claims.acquire(request);
      },
    })),
  },
  {
    name: 'interval-ignored',
    fault: 'a turn begins however short ago the one before did',
    failsIn: 'claims > a turn > is not due within seconds of when the one before began, whoever had that',
    store: withClaims((claims) => ({ acquire: (request) => claims.acquire({ ...request, notWithinSeconds: 0 }) })),
  },
  {
    name: 'interval-of-own-passes',
    fault: 'runners keep the interval of their own passes only',
    failsIn: 'claims > two runners > make one pass per interval',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        const isOwn = rows.of(`last of ${request.strategy}`)?.holder === request.holder;
        const answer = await claims.acquire(isOwn ? request : { ...request, notWithinSeconds: 0 });
        if (answer.outcome === 'claimed') await claims.acquire({ ...request, strategy: `last of ${request.strategy}` });
        return answer;
      },
    })),
  },
  {
    name: 'lapsed-not-due',
    fault: 'a turn that lapsed is taken over only when the next one is due',
    failsIn: 'claims > a turn > that lapsed is taken over at once, whatever the interval, and names who had it',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        const row = rows.of(request.strategy);
        if (row?.expires_at != null && Date.parse(row.expires_at) < Date.now()) {
          await rows.change(request.strategy, { holder: null, expires_at: null });
        }
        return claims.acquire(request);
      },
    })),
  },
  {
    name: 'term-starts-anew',
    fault: 'terms do not grow',
    failsIn: 'claims > a turn > has a higher term than every turn before it',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        const answer = await claims.acquire(request);
        if (answer.outcome !== 'claimed') return answer;
        await rows.change(request.strategy, { term: 1 });
        return { ...answer, claim: { ...answer.claim, term: 1 } };
      },
    })),
  },
  {
    name: 'released-by-anybody',
    fault: 'a turn is given back by whoever had it once',
    failsIn: 'claims > a turn > is not given back by a claim that was lost, nor twice',
    store: withClaims((claims, rows) => ({
      release(claim, outcome) {
        const row = rows.of(claim.strategy);
        const current = { ...claim, holder: row?.holder ?? claim.holder, term: row?.term ?? claim.term };
        return claims.release(current, outcome);
      },
    })),
  },
  {
    name: 'unfinished-counted',
    fault: 'a turn that was cut short counts as one',
    failsIn:
      'claims > a turn > that was given back unfinished is due at once, whatever the interval, and the one after it is not',
    store: withClaims((claims) => ({ release: (claim, { empty }) => claims.release(claim, { empty }) })),
  },
  {
    name: 'unfinished-for-good',
    fault: 'after a turn that was cut short, no interval is kept any more',
    failsIn:
      'claims > a turn > that was given back unfinished is due at once, whatever the interval, and the one after it is not',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        const before = rows.of(request.strategy);
        const answer = await claims.acquire(request);
        if (before?.ended_at != null && before.started_at === null)
          await rows.change(request.strategy, { started_at: null });
        return answer;
      },
    })),
  },
  {
    name: 'own-turn-not-due',
    fault: 'a holder that lost its connection waits for the interval of the turn that it did not end',
    failsIn:
      'claims > a turn > that its holder asks for again begins anew, whatever the interval, and the older one is lost',
    store: withClaims((claims, rows) => ({
      async acquire(request) {
        const row = rows.of(request.strategy);
        if (row?.holder === request.holder) await rows.change(request.strategy, { holder: null, expires_at: null });
        return claims.acquire(request);
      },
    })),
  },
  {
    name: 'empty-passes-summed',
    fault: 'empty passes are counted on when one did something',
    failsIn: 'claims > a turn > counts as empty when it says so, until one did something',
    store: withClaims((claims, rows) => ({
      async release(claim, outcome) {
        const passes = rows.of(claim.strategy)?.empty_passes ?? 0;
        const isReleased = await claims.release(claim, outcome);
        if (!outcome.empty) await rows.change(claim.strategy, { empty_passes: passes });
        return isReleased;
      },
    })),
  },
  {
    name: 'batch-unchecked',
    fault: 'a batch does not look at its claim',
    failsIn: 'claims > a batch > writes nothing under a claim that another one took over',
    store: withClaims(() => ({ hold: async () => NO_PROGRESS })),
  },
  {
    name: 'pass-unchecked',
    fault: 'a pass looks at its claim once, when it begins',
    failsIn:
      'claims > a pass under a claim > stops at the first batch after its claim was lost, and writes nothing more',
    store: withClaims((claims) => {
      const begun = new Set<number>();
      return {
        async hold(session, claim) {
          if (begun.has(claim.term)) return NO_PROGRESS;
          begun.add(claim.term);
          return claims.hold(session, claim);
        },
      };
    }),
  },
  {
    name: 'claim-by-holder',
    fault: 'a claim is known by its holder alone',
    failsIn: 'claims > a batch > writes nothing under an older claim of the same holder',
    store: withClaims((claims) => ({
      async hold(session, claim) {
        const row = await seen(session, claim);
        return claims.hold(session, { ...claim, term: row?.term ?? claim.term });
      },
    })),
  },
  {
    name: 'lapsed-unnoticed',
    fault: 'a batch is written under a claim that has lapsed, as long as nobody took over',
    failsIn: 'claims > a batch > writes nothing under a claim that has lapsed, although nobody took over',
    store: withClaims((claims) => ({
      async hold(session, claim) {
        const later = new Date(Date.now() + 1000);
        await session.update(CLAIMS, ({ id, expires_at: end }) => id === claimId(claim) && end !== null, {
          expires_at: later.toISOString(),
        });
        return claims.hold(session, claim);
      },
    })),
  },
  {
    name: 'claim-not-locked',
    fault: 'a batch looks at its claim, and does not hold it',
    failsIn: 'claims > a batch > that is open cannot be overtaken, however much time goes by',
    store: withClaims((claims, rows) => ({
      async hold(session, claim) {
        const row = await seen(session, claim);
        if (row?.term !== claim.term || row.holder !== claim.holder) return claims.hold(session, claim);
        const end = new Date(Date.now() + claim.termSeconds * 1000).toISOString();
        await rows.change(claim.strategy, { expires_at: end });
        return NO_PROGRESS;
      },
    })),
  },
  {
    name: 'term-not-renewed',
    fault: 'a batch begins no new term',
    failsIn: 'claims > a batch > begins a new term',
    store: withClaims((claims) => ({
      async advance(session, claim, progress) {
        const end = (await seen(session, claim))?.expires_at;
        await claims.advance(session, claim, progress);
        if (end != null) await session.update(CLAIMS, ({ id }) => id === claimId(claim), { expires_at: end });
      },
    })),
  },
];
