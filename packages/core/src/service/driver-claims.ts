import type { ChangeLog } from '../changes/change-log.js';
import { allOf, anyOf, isIn, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { throwIfAborted } from '../errors.js';
import { acquire } from './acquire.js';
import { approvals } from './approvals.js';
import { BatchSessions } from './batch-sessions.js';
import { claimLost, claimPaused } from './claim-lost.js';
import { claimColumns, claimKey, claimRow, readClaim, toClaimState } from './claim-rows.js';
import type { Claims } from './claims.js';
import { keepEntry } from './history-rows.js';
import type { Own } from './own.js';
import { pauses } from './pauses.js';
import { checkClaim, checkPassEntry } from './requests.js';

/** Strategies that `list` tells of at most: far more than anybody has. */
const MAX_STRATEGIES = 10_000;

/** Who has which turn, on any database that has a driver. */
export function driverClaims<Session>(own: Own<Session>, log: ChangeLog<Session>): Claims<Session> {
  const { parts, rules } = own;
  const { serverSessions } = parts.driver;
  const sessions = serverSessions && new BatchSessions(own, serverSessions);
  return {
    acquire: (request) => acquire(own, sessions, request),
    ...approvals(own),
    ...pauses(own),

    async hold(session, claim) {
      checkClaim(claim);
      return own.within(session, async (tx) => {
        await sessions?.tell(claim, session);
        const held = await tx.hold(own.claims, claimKey(own, claim), claimColumns(own), rules.isTurnOf(claim));
        if (held === undefined) {
          await own.require(own.claims);
          throw claimLost(claim, await readClaim(own, tx, claim));
        }
        const row = claimRow(own, held);
        const pause = rules.pause(row);
        if (pause !== undefined && claim.whilePaused !== true) throw claimPaused(claim, pause);
        if (row.expiresAt === null || rules.isLapsed(row)) throw claimLost(claim, row);
        if (claim.changes !== false) log.keepUnder(claim, session);
        return row.progress;
      });
    },

    async advance(session, claim, progress) {
      checkClaim(claim);
      const set = rules.advanced(claim, progress);
      await own.within(session, (tx) => own.changeClaim(tx, claimKey(own, claim), rules.isTurnOf(claim), set));
    },

    async release(claim, outcome) {
      const { entry } = outcome;
      checkClaim(claim);
      if (entry !== undefined) checkPassEntry(entry);
      const key = claimKey(own, claim);
      const set = { ...rules.ended(outcome), ...(sessions && { session: { value: null } }) };
      const giveBack = async (tx: Tx) => {
        const before = entry && (await tx.hold(own.claims, key, claimColumns(own), rules.isTurnOf(claim)));
        const isReleased = await own.changeClaim(tx, key, rules.isTurnOf(claim), set);
        if (isReleased && entry !== undefined && before !== undefined) {
          const row = claimRow(own, before);
          await keepEntry(own, tx, rules.settled(entry, row), row);
        }
        return isReleased;
      };
      return own.run('write', giveBack, { idleTimeoutSeconds: claim.termSeconds });
    },

    async list({ config, signal } = {}) {
      throwIfAborted(signal);
      const isKnown = anyOf(not(isIn('term', [0])), { time: 'paused_at', isSet: true });
      const where = config === undefined ? isKnown : allOf(isKnown, isIn('config', [config]));
      const query = { table: own.claims, where, columns: claimColumns(own), clock: true, limit: MAX_STRATEGIES };
      const rows = await own.run('read', (tx) => own.page(tx, query), { signal });
      const states = rows.map((each) => toClaimState(claimRow(own, each), rules));
      return states.sort((one, other) => compare(one.config, other.config) || compare(one.strategy, other.strategy));
    },
  };
}

const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);
