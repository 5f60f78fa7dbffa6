import {
  type Assignments,
  allOf,
  type Claim,
  type ClaimRequest,
  type ClaimRow,
  EVERY,
  isIn,
  microsOf,
  NO_PROGRESS,
  type TurnOutcome,
  type TurnProgress,
  TurnRules,
} from '@jobsweep/core';
import { anotherTurn } from '../support/turns.js';
import { takesAfterWaiting, type Variant, withTurns } from './variant.js';
import { withClaims } from './with-parts.js';

const TWO_MINUTES = 120_000_000n;

/** The row without an end of its turn: as if it had been given back. */
const givenBack = (row: ClaimRow): ClaimRow => ({ ...row, holder: null });

class LapsesEarly extends TurnRules {
  override isLapsed(row: ClaimRow) {
    return super.isLapsed({ ...row, clock: row.clock + TWO_MINUTES });
  }
}

class LapsesByOwnClock extends TurnRules {
  override isLapsed(row: ClaimRow) {
    return super.isLapsed({ ...row, clock: microsOf(new Date()) });
  }
}

class NeverLapses extends TurnRules {
  override isLapsed() {
    return false;
  }
}

class AlwaysDue extends TurnRules {
  override isFree(now: bigint, request: ClaimRequest) {
    return super.isFree(now, { ...request, notWithinSeconds: 0 });
  }
  override refusal(row: ClaimRow, request: ClaimRequest) {
    return super.refusal(row, { ...request, notWithinSeconds: 0 });
  }
}

class LapsedIsNotDue extends TurnRules {
  override refusal(row: ClaimRow, request: ClaimRequest) {
    return super.refusal(this.isLapsed(row) ? givenBack(row) : row, request);
  }
}

class OwnIsNotDue extends TurnRules {
  override refusal(row: ClaimRow, request: ClaimRequest) {
    return super.refusal(row.holder === request.holder ? givenBack(row) : row, request);
  }
}

class FirstTermAlways extends TurnRules {
  override begun(request: ClaimRequest): Assignments {
    return { ...super.begun(request), term: { value: 1 } };
  }
}

class NeverBegun extends TurnRules {
  override begun(request: ClaimRequest): Assignments {
    return { ...super.begun(request), started_at: { value: null } };
  }
}

class AnybodysTurn extends TurnRules {
  override isTurnOf() {
    return EVERY;
  }
}

class TurnOfHolder extends TurnRules {
  override isTurnOf({ holder }: Pick<Claim, 'holder'>) {
    return isIn('holder', [holder]);
  }
}

class FinishedAlways extends TurnRules {
  override ended({ empty }: TurnOutcome) {
    return super.ended({ empty });
  }
}

class CountsEmptyOn extends TurnRules {
  override ended(outcome: TurnOutcome): Assignments {
    return { ...super.ended(outcome), empty_passes: { increment: outcome.empty ? 1 : 0 } };
  }
}

class KeepsItsTerm extends TurnRules {
  override advanced(claim: Claim, progress: TurnProgress | undefined): Assignments {
    const { expires_at: _end, ...rest } = super.advanced(claim, progress);
    return rest;
  }
}

/** Faults in who gets a turn, and in what a batch does about it. */
export const claimVariants: readonly Variant[] = [
  {
    name: 'turn-without-lock',
    fault: 'a turn is looked at, and then taken',
    failsIn: 'claims > a turn > is given to exactly one of many who ask at once',
    store: withTurns({
      tx: (tx) => ({
        async take(table, key, { where, set, columns }) {
          const isIt = isIn('id', [key[0] ?? null]);
          const [row] = await tx.page({ table, where: allOf(where, isIt), columns, limit: 1 });
          await anotherTurn();
          if (row !== undefined) await tx.change(table, key, EVERY, set);
          return row;
        },
      }),
    }),
  },
  {
    name: 'turn-waited-for',
    fault: 'whoever asks for a turn waits for the batch that holds it',
    failsIn: 'claims > a batch > that is open keeps its turn, and whoever asks is told at once',
    store: withTurns({ tx: takesAfterWaiting }),
  },
  {
    name: 'turn-taken-early',
    fault: 'a turn is taken over before its term is over',
    failsIn: 'claims > a turn > lapses when its term is over, and not before',
    store: withTurns({ rules: new LapsesEarly() }),
  },
  {
    name: 'turn-by-own-clock',
    fault: 'a turn has lapsed when this process thinks so',
    failsIn:
      'claims > a process whose clock is five minutes ahead > neither takes what another one holds, nor waits for what has lapsed',
    store: withTurns({ rules: new LapsesByOwnClock() }),
  },
  {
    name: 'interval-ignored',
    fault: 'a turn begins however short ago the one before did',
    failsIn: 'claims > a turn > is not due within seconds of when the one before began, whoever had that',
    store: withTurns({ rules: new AlwaysDue() }),
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
    store: withTurns({ rules: new LapsedIsNotDue() }),
  },
  {
    name: 'term-starts-anew',
    fault: 'terms do not grow',
    failsIn: 'claims > a turn > has a higher term than every turn before it',
    store: withTurns({ rules: new FirstTermAlways() }),
  },
  {
    name: 'released-by-anybody',
    fault: 'a turn is given back by whoever had it once',
    failsIn: 'claims > a turn > is not given back by a claim that was lost, nor twice',
    store: withTurns({ rules: new AnybodysTurn() }),
  },
  {
    name: 'unfinished-counted',
    fault: 'a turn that was cut short counts as one',
    failsIn:
      'claims > a turn > that was given back unfinished is due at once, whatever the interval, and the one after it is not',
    store: withTurns({ rules: new FinishedAlways() }),
  },
  {
    name: 'unfinished-for-good',
    fault: 'after a turn that was cut short, no interval is kept any more',
    failsIn:
      'claims > a turn > that was given back unfinished is due at once, whatever the interval, and the one after it is not',
    store: withTurns({ rules: new NeverBegun() }),
  },
  {
    name: 'own-turn-not-due',
    fault: 'a holder that lost its connection waits for the interval of the turn that it did not end',
    failsIn:
      'claims > a turn > that its holder asks for again begins anew, whatever the interval, and the older one is lost',
    store: withTurns({ rules: new OwnIsNotDue() }),
  },
  {
    name: 'empty-passes-summed',
    fault: 'empty passes are counted on when one did something',
    failsIn: 'claims > a turn > counts as empty when it says so, until one did something',
    store: withTurns({ rules: new CountsEmptyOn() }),
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
    store: withTurns({ rules: new TurnOfHolder() }),
  },
  {
    name: 'lapsed-unnoticed',
    fault: 'a batch is written under a claim that has lapsed, as long as nobody took over',
    failsIn: 'claims > a batch > writes nothing under a claim that has lapsed, although nobody took over',
    store: withTurns({ rules: new NeverLapses() }),
  },
  {
    name: 'claim-not-locked',
    fault: 'a batch looks at its claim, and does not hold it',
    failsIn: 'claims > a batch > that is open cannot be overtaken, however much time goes by',
    store: withTurns({
      tx: (tx) => ({
        async hold(table, key, columns, where) {
          const isIt = isIn('id', [key[0] ?? null]);
          return (await tx.page({ table, where: allOf(where, isIt), columns, clock: true, limit: 1 }))[0];
        },
      }),
    }),
  },
  {
    name: 'term-not-renewed',
    fault: 'a batch begins no new term',
    failsIn: 'claims > a batch > begins a new term',
    store: withTurns({ rules: new KeepsItsTerm() }),
  },
];
