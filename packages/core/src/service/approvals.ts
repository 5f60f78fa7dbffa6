import { EVERY, isIn } from '../driver/condition.js';
import { claimLost } from './claim-lost.js';
import { claimColumns, claimKey, claimRow, readClaim } from './claim-rows.js';
import { type Claims, DEFAULT_CONFIG } from './claims.js';
import { keepEntry } from './history-rows.js';
import type { Own } from './own.js';
import { checkClaim, checkOperatorRequest } from './requests.js';

/** What operators approve, in the rows of turns, on any database that has a driver. */
export function approvals<Session>(own: Own<Session>): Pick<Claims<Session>, 'approve' | 'useApproval'> {
  const { rules } = own;
  return {
    async approve(request) {
      checkOperatorRequest(request);
      const { config = DEFAULT_CONFIG, strategy, signal } = request;
      const key = claimKey(own, { config, strategy });
      return own.run(
        'write',
        async (tx) => {
          const held = await tx.hold(own.claims, key, claimColumns(own), EVERY);
          if (held === undefined) await own.require(own.claims);
          if (held === undefined) return undefined;
          const row = claimRow(own, held);
          if (row.trippedRows === 0) return rules.approval(row);
          // Where a hold keeps nobody off, one of those who approve at once is the first.
          const isStopped = isIn('tripped_rows', [row.trippedRows]);
          const isFirst = await own.changeClaim(tx, key, isStopped, rules.approved(row));
          if (isFirst) await keepEntry(own, tx, rules.operatorEntry(row, request, 'approved'));
          const now = await readClaim(own, tx, { config, strategy });
          return now && rules.approval(now);
        },
        { signal },
      );
    },

    async useApproval(claim) {
      checkClaim(claim);
      const key = claimKey(own, claim);
      const isItsTurn = rules.isTurnOf(claim);
      return own.run(
        'write',
        async (tx) => {
          const held = await tx.hold(own.claims, key, claimColumns(own), isItsTurn);
          if (held === undefined) throw claimLost(claim, await readClaim(own, tx, claim));
          const approval = rules.approval(claimRow(own, held));
          if (approval === undefined) return 0;
          await own.changeClaim(tx, key, isItsTurn, rules.used());
          return approval.rows;
        },
        { idleTimeoutSeconds: claim.termSeconds },
      );
    },
  };
}
