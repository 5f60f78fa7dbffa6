import {
  type Assignments,
  type Claim,
  type ClaimRequest,
  type PassEntry,
  type TurnOutcome,
  type TurnProgress,
  TurnRules,
} from '@jobsweep/core';
import { type Variant, withTurns } from './variant.js';
import { withClaims, withParts } from './with-parts.js';

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
    store: withClaims((claims, rows) => ({
      async advance(session, claim, progress) {
        await claims.advance(session, claim);
        // Gets the row as soon as the batch lets go of it.
        if (progress !== undefined) void rows.change(claim.strategy, { batches: progress.batches });
      },
    })),
  },
  {
    name: 'progress-goes-on',
    fault: 'a turn goes on counting where the one before it ended',
    failsIn: 'claims > the progress of a turn > is told to its next batch, and begins at nothing in every turn',
    store: withTurns({ rules: new CountsOn() }),
  },
  {
    name: 'place-forgotten',
    fault: 'a turn that begins forgets where the one before it ended',
    failsIn:
      'claims > the progress of a turn > leaves its place to the next turn: that of its pass, or else of its last batch',
    store: withTurns({ rules: new BeginsAtTheFront() }),
  },
  {
    name: 'place-not-left',
    fault: 'where a pass ended is not kept with the end of its turn',
    failsIn:
      'claims > the progress of a turn > leaves its place to the next turn: that of its pass, or else of its last batch',
    store: withTurns({ rules: new LeavesNoPlace() }),
  },
  {
    name: 'renewal-forgets',
    fault: 'a new term forgets how far the turn has come',
    failsIn: 'claims > the progress of a turn > stays when nothing but the term is new',
    store: withTurns({ rules: new ForgetsWithTerm() }),
  },
  {
    name: 'lapsed-forgotten',
    fault: 'what a turn that lapsed had committed is forgotten',
    failsIn:
      'claims > the history has what was committed > in a turn that lapsed, once it is taken over, and only once',
    store: withTurns({ rules: new ForgetsAbandoned() }),
  },
  {
    name: 'lost-turn-kept',
    fault: 'a pass is kept that had lost its turn, beside what its successor kept of it',
    failsIn:
      'claims > the history has what was committed > in a turn that lapsed, once it is taken over, and only once',
    store: withClaims((claims, _rows, { journal }) => ({
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
    store: withTurns({ rules: new TrustsThePass() }),
  },
  {
    name: 'one-turn-for-all-configs',
    fault: 'a turn is that of all configs',
    failsIn: 'claims > configs of different names on one database > have turns of their own',
    store: withClaims((claims) => ({ acquire: ({ config: _config, ...request }) => claims.acquire(request) })),
  },
  {
    name: 'history-of-all-configs',
    fault: 'the history of a config is that of all',
    failsIn: 'claims > configs of different names on one database > have a history of their own, and its age',
    store: withParts(({ journal }) => ({
      journal: { ...journal, read: ({ config: _config, ...options } = {}) => journal.read(options) },
    })),
  },
];
