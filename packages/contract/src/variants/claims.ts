import { setImmediate as anotherTurn, setTimeout as pause } from 'node:timers/promises';
import { EVERY, keyText, NO_PROGRESS, type Row } from '@jobsweep/core';
import { withClaims, withTurns } from './broken-service.js';
import {
  AlwaysDue,
  AnybodysTurn,
  CountsEmptyOn,
  FinishedAlways,
  FirstTermAlways,
  KeepsItsTerm,
  LapsedIsNotDue,
  LapsesByOwnClock,
  LapsesEarly,
  NeverBegun,
  NeverLapses,
  NeverUsedUp,
  OwnIsNotDue,
  PausesForEver,
  PausesNewTurnsAlone,
  RemembersStops,
  TurnOfHolder,
} from './broken-turn-rules.js';
import { WHY } from './circumstances.js';
import type { ReplacedTx } from './replaced.js';
import { seen, takesAfterWaiting } from './statements.js';
import type { Variant } from './variant.js';

/** How often somebody asks who is told that another one has the turn. */
const MOST_ASKS = 500;

/** So long one who finds no row may wait for another one to find it. */
const LOOKS = { pauses: 100, pauseMs: 5 } as const;

/** Whoever finds a row takes it, as it was when the first one looked: nothing keeps two from it, however slow they are. */
function takesAfterLooking(): ReplacedTx {
  const looks = new Map<string, Row>();
  const lookOfAnother = async (key: string) => {
    for (let pauses = 0; pauses < LOOKS.pauses && !looks.has(key); pauses += 1) await pause(LOOKS.pauseMs);
    return looks.get(key);
  };
  return (tx) => ({
    async take(table, key, { set, columns }) {
      const text = keyText(key);
      const row =
        looks.get(text) ?? (await seen(tx, { table, where: EVERY, columns }, key)) ?? (await lookOfAnother(text));
      if (row === undefined) return undefined;
      looks.set(text, row);
      await tx.change(table, key, EVERY, set);
      return row;
    },
  });
}

/** Faults in who gets a turn, and in what a batch does about it. */
export const claimVariants: readonly Variant[] = [
  {
    name: 'turn-without-lock',
    fault: 'a turn is looked at, and then taken',
    failsIn: 'claims > a turn > is given to exactly one of many who ask at once',
    broken: withTurns({ tx: takesAfterLooking() }),
  },
  {
    name: 'turn-waited-for',
    fault: 'whoever asks for a turn waits for the batch that holds it',
    failsIn: 'claims > a batch > that is open keeps its turn, and whoever asks is told at once',
    hiddenWhere: { locksAtCommit: WHY.nothingWaits },
    broken: withTurns({ tx: takesAfterWaiting }),
  },
  {
    name: 'turn-taken-early',
    fault: 'a turn is taken over before its term is over',
    failsIn: 'claims > a turn > lapses when its term is over, and not before',
    broken: withTurns({ rules: new LapsesEarly() }),
  },
  {
    name: 'turn-by-own-clock',
    fault: 'a turn has lapsed when this process thinks so',
    failsIn:
      'claims > a process whose clock is five minutes ahead > neither takes what another one holds, nor waits for what has lapsed',
    broken: withTurns({ rules: new LapsesByOwnClock() }),
  },
  {
    name: 'interval-ignored',
    fault: 'a turn begins however short ago the one before did',
    failsIn: 'claims > a turn > is not due within seconds of when the one before began, whoever had that',
    broken: withTurns({ rules: new AlwaysDue() }),
  },
  {
    name: 'interval-of-own-passes',
    fault: 'runners keep the interval of their own passes only',
    failsIn: 'claims > two runners > make one pass per interval',
    broken: withClaims((claims) => ({
      async acquire(request) {
        const last = (await claims.list()).find(({ strategy }) => strategy === `last of ${request.strategy}`);
        const isOwn = last?.holder === request.holder;
        const asked = isOwn ? request : { ...request, notWithinSeconds: 0 };
        let answer = await claims.acquire(asked);
        // Others who only ask have the row for a moment, too.
        for (let asks = 1; answer.outcome === 'held' && asks < MOST_ASKS; asks += 1) {
          await anotherTurn();
          answer = await claims.acquire(asked);
        }
        if (answer.outcome === 'claimed') await claims.acquire({ ...request, strategy: `last of ${request.strategy}` });
        return answer;
      },
    })),
  },
  {
    name: 'lapsed-not-due',
    fault: 'a turn that lapsed is taken over only when the next one is due',
    failsIn: 'claims > a turn > that lapsed is taken over at once, whatever the interval, and names who had it',
    broken: withTurns({ rules: new LapsedIsNotDue() }),
  },
  {
    name: 'term-starts-anew',
    fault: 'terms do not grow',
    failsIn: 'claims > a turn > has a higher term than every turn before it',
    broken: withTurns({ rules: new FirstTermAlways() }),
  },
  {
    name: 'released-by-anybody',
    fault: 'a turn is given back by whoever had it once',
    failsIn: 'claims > a turn > is not given back by a claim that was lost, nor twice',
    broken: withTurns({ rules: new AnybodysTurn() }),
  },
  {
    name: 'unfinished-counted',
    fault: 'a turn that was cut short counts as one',
    failsIn:
      'claims > a turn > that was given back unfinished is due at once, whatever the interval, and the one after it is not',
    broken: withTurns({ rules: new FinishedAlways() }),
  },
  {
    name: 'unfinished-for-good',
    fault: 'after a turn that was cut short, no interval is kept any more',
    failsIn:
      'claims > a turn > that was given back unfinished is due at once, whatever the interval, and the one after it is not',
    broken: withTurns({ rules: new NeverBegun() }),
  },
  {
    name: 'own-turn-not-due',
    fault: 'a holder that lost its connection waits for the interval of the turn that it did not end',
    failsIn:
      'claims > a turn > that its holder asks for again begins anew, whatever the interval, and the older one is lost',
    broken: withTurns({ rules: new OwnIsNotDue() }),
  },
  {
    name: 'empty-passes-summed',
    fault: 'empty passes are counted on when one did something',
    failsIn: 'claims > a turn > counts as empty when it says so, until one did something',
    broken: withTurns({ rules: new CountsEmptyOn() }),
  },
  {
    name: 'approval-for-ever',
    fault: 'an approval lets every pass go on, and not one',
    failsIn: 'claims > a pass that was stopped > is approved once, for the pass that uses it up',
    broken: withTurns({ rules: new NeverUsedUp() }),
  },
  {
    name: 'stop-remembered',
    fault: 'a pass that was stopped can be approved when another one has gone through since',
    failsIn: 'claims > an approval > is refused where nothing was stopped, or a pass has gone through since',
    broken: withTurns({ rules: new RemembersStops() }),
  },
  {
    name: 'paused-between-turns',
    fault: 'a pass goes on while its strategy is paused',
    failsIn: 'claims > a strategy that is paused > writes no batch of the pass that it is in',
    broken: withTurns({ rules: new PausesNewTurnsAlone() }),
  },
  {
    name: 'paused-for-ever',
    fault: 'a pause for a time does not end',
    failsIn: 'claims > a strategy that is paused > for a time has turns again when that is over',
    broken: withTurns({ rules: new PausesForEver() }),
  },
  {
    name: 'batch-unchecked',
    fault: 'a batch does not look at its claim',
    failsIn: 'claims > a batch > writes nothing under a claim that another one took over',
    broken: withClaims(() => ({ hold: async () => NO_PROGRESS })),
  },
  {
    name: 'pass-unchecked',
    fault: 'a pass looks at its claim once, when it begins',
    failsIn:
      'claims > a pass under a claim > stops at the first batch after its claim was lost, and writes nothing more',
    broken: withClaims((claims) => {
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
    broken: withTurns({ rules: new TurnOfHolder() }),
  },
  {
    name: 'lapsed-unnoticed',
    fault: 'a batch is written under a claim that has lapsed, as long as nobody took over',
    failsIn: 'claims > a batch > writes nothing under a claim that has lapsed, although nobody took over',
    broken: withTurns({ rules: new NeverLapses() }),
  },
  {
    name: 'claim-not-locked',
    fault: 'a batch looks at its claim, and does not hold it',
    failsIn: 'claims > a batch > that is open cannot be overtaken, however much time goes by',
    broken: withTurns({
      tx: (tx) => ({
        hold: (table, key, columns, where) => seen(tx, { table, where, columns, clock: true }, key),
      }),
    }),
  },
  {
    name: 'term-not-renewed',
    fault: 'a batch begins no new term',
    failsIn: 'claims > a batch > begins a new term',
    broken: withTurns({ rules: new KeepsItsTerm() }),
  },
];
