import { EVERY } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { JobsweepError } from '../errors.js';
import type { TransactionOptions } from '../store.js';
import { addRow } from './add-row.js';
import type { ClaimRow, TurnName } from './claim-row.js';
import { claimColumns, claimKey, claimRow, readClaim } from './claim-rows.js';
import { type Claims, DEFAULT_CONFIG } from './claims.js';
import { keepEntry } from './history-rows.js';
import type { Own } from './own.js';
import { checkOperatorRequest, checkPauseRequest } from './requests.js';

/** How often a row is added that others add at the same time. */
const ROUNDS = 3;

/** Turns that operators forbid and allow, in the rows of turns, on any database that has a driver. */
export function pauses<Session>(own: Own<Session>): Pick<Claims<Session>, 'pause' | 'resume'> {
  const { rules } = own;
  /** Does something with the row of a turn, once no batch is open under it. */
  const held = <Answer>(
    turn: TurnName,
    work: (tx: Tx, row: ClaimRow) => Promise<Answer>,
    options: TransactionOptions,
  ): Promise<Answer | undefined> =>
    own.run(
      'write',
      async (tx) => {
        const row = await tx.hold(own.claims, claimKey(own, turn), claimColumns(own), EVERY);
        if (row === undefined) await own.require(own.claims);
        return row && work(tx, claimRow(own, row));
      },
      options,
    );
  return {
    async pause(request) {
      checkPauseRequest(request);
      const { config = DEFAULT_CONFIG, strategy, signal } = request;
      const turn = { config, strategy };
      const write = async (tx: Tx, row: ClaimRow) => {
        await own.changeClaim(tx, claimKey(own, turn), EVERY, rules.paused(request));
        await keepEntry(own, tx, rules.operatorEntry(row, request, 'paused'));
        const now = await readClaim(own, tx, turn);
        return now && rules.lastPause(now);
      };
      for (let round = 1; round <= ROUNDS; round += 1) {
        const pause = await held(turn, write, { signal });
        if (pause !== undefined) return pause;
        // A strategy that never had a turn has no row yet.
        await addRow(own, turn, { signal });
      }
      throw new JobsweepError('LOCK_TIMEOUT', `Another one adds the row of ${strategy} and does not end. Try again.`);
    },

    async resume(request) {
      checkOperatorRequest(request);
      const { config = DEFAULT_CONFIG, strategy, signal } = request;
      const turn = { config, strategy };
      const write = async (tx: Tx, row: ClaimRow) => {
        if (rules.pause(row) === undefined) return false;
        await own.changeClaim(tx, claimKey(own, turn), EVERY, rules.resumed());
        await keepEntry(own, tx, rules.operatorEntry(row, request, 'resumed'));
        return true;
      };
      return (await held(turn, write, { signal })) ?? false;
    },
  };
}
