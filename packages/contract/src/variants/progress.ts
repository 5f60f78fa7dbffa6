import {
  type Assignments,
  type Claim,
  type ClaimRequest,
  type PassEntry,
  type TurnOutcome,
  type TurnProgress,
  TurnRules,
} from '@jobsweep/core';
import { withClaims, withJournal, withTurns } from './broken-service.js';
import { withMembers } from './broken-store.js';
import type { Variant } from './variant.js';

class CountsOn extends TurnRules {
  override begun(request: ClaimRequest): Assignments {
    const { batches: _batches, ...rest } = super.begun(request);
    return rest;
  }
}

class BeginsAtTheFront extends TurnRules {
  override begun(request: ClaimRequest): Assignments {
    return { ...super.begun(request), place: { value: null } };
  }
}

class LeavesNoPlace extends TurnRules {
  override ended({ place: _place, ...outcome }: TurnOutcome): Assignments {
    return super.ended(outcome);
  }
}

class ForgetsWithTerm extends TurnRules {
  override advanced(claim: Claim, progress: TurnProgress | undefined): Assignments {
    return { batches: { value: 0 }, ...super.advanced(claim, progress) };
  }
}

class ForgetsAbandoned extends TurnRules {
  override abandoned() {
    return undefined;
  }
}

class TrustsThePass extends TurnRules {
  override settled(entry: PassEntry) {
    return entry;
  }
}

/** Faults in what is kept of a turn, and of the turns of several configs. */
export const progressVariants: readonly Variant[] = [
  {
    name: 'progress-beside-batch',
    fault: 'how far a turn has come is kept whether its batch is or not',
    failsIn: 'claims > the progress of a turn > is gone with the batch that it was written in',
    broken: withMembers(({ claims, transaction }) => {
      const beside = new WeakMap<object, () => Promise<void>>();
      return {
        claims: {
          ...claims,
          async advance(session, claim, progress) {
            await claims.advance(session, claim);
            beside.set(session, () => transaction((own) => claims.advance(own, claim, progress)));
          },
        },
        async transaction(work, how) {
          let used: object = {};
          const noting: typeof work = (session) => {
            used = session;
            return work(session);
          };
          return transaction(noting, how).finally(() => beside.get(used)?.());
        },
      };
    }),
  },
  {
    name: 'progress-goes-on',
    fault: 'a turn goes on counting where the one before it ended',
    failsIn: 'claims > the progress of a turn > is told to its next batch, and begins at nothing in every turn',
    broken: withTurns({ rules: new CountsOn() }),
  },
  {
    name: 'place-forgotten',
    fault: 'a turn that begins forgets where the one before it ended',
    failsIn:
      'claims > the progress of a turn > leaves its place to the next turn: that of its pass, or else of its last batch',
    broken: withTurns({ rules: new BeginsAtTheFront() }),
  },
  {
    name: 'place-not-left',
    fault: 'where a pass ended is not kept with the end of its turn',
    failsIn:
      'claims > the progress of a turn > leaves its place to the next turn: that of its pass, or else of its last batch',
    broken: withTurns({ rules: new LeavesNoPlace() }),
  },
  {
    name: 'renewal-forgets',
    fault: 'a new term forgets how far the turn has come',
    failsIn: 'claims > the progress of a turn > stays when nothing but the term is new',
    broken: withTurns({ rules: new ForgetsWithTerm() }),
  },
  {
    name: 'lapsed-forgotten',
    fault: 'what a turn that lapsed had committed is forgotten',
    failsIn:
      'claims > the history has what was committed > in a turn that lapsed, once it is taken over, and only once',
    broken: withTurns({ rules: new ForgetsAbandoned() }),
  },
  {
    name: 'lost-turn-kept',
    fault: 'a pass is kept that had lost its turn, beside what its successor kept of it',
    failsIn:
      'claims > the history has what was committed > in a turn that lapsed, once it is taken over, and only once',
    broken: withClaims((claims, { journal }) => ({
      async release(claim, { entry, ...outcome }) {
        if (entry !== undefined) await journal.append(entry);
        return claims.release(claim, outcome);
      },
    })),
  },
  {
    name: 'unknown-for-good',
    fault: 'a pass is kept as it was told, whatever its turn says',
    failsIn:
      'claims > the history has what was committed > also where the answer to the last commit was lost: the batch is there',
    broken: withTurns({ rules: new TrustsThePass() }),
  },
  {
    name: 'one-turn-for-all-configs',
    fault: 'a turn is that of all configs',
    failsIn: 'claims > configs of different names on one database > have turns of their own',
    broken: withClaims((claims) => ({ acquire: ({ config: _config, ...request }) => claims.acquire(request) })),
  },
  {
    name: 'history-of-all-configs',
    fault: 'the history of a config is that of all',
    failsIn: 'claims > configs of different names on one database > have a history of their own, and its age',
    broken: withJournal((journal) => ({
      read: ({ config: _config, ...options } = {}) => journal.read(options),
    })),
  },
];
