import { JobsweepError, throwIfAborted } from '../../errors.js';
import type { Claim, ClaimAnswer, ClaimRequest, ClaimState, Claims } from '../../service/claims.js';
import { checkClaimRequest } from '../../service/requests.js';
import type { MemoryDatabase } from '../engine/database.js';
import type { ClaimRow } from '../engine/rows.js';
import type { MemorySession } from '../engine/session.js';
import { secondsBefore, secondsBetween, toDate } from '../engine/times.js';
import { requireOpen } from '../open.js';
import { requireTable } from './missing.js';

const CLAIMS = 'jobsweep_claims';

/** Claims in memory. They go by the database's own clock, whatever clock the store was given. */
export function memoryClaims(database: MemoryDatabase): Claims<MemorySession> {
  return {
    async acquire(request) {
      checkClaimRequest(request);
      requireTable(database, CLAIMS);
      await ensureRow(database, request.strategy);
      return database.transaction((session) => acquire(session, request, database.now()));
    },

    async hold(session, claim) {
      requireOpen(session);
      requireTable(database, CLAIMS);
      const [row] = await session.lock(CLAIMS, ({ id }) => id === claim.strategy);
      const now = database.now();
      if (row === undefined || !isOf(claim)(row) || isLapsed(row, now)) throw lost(claim);
      await session.update(CLAIMS, isOf(claim), { expiryTime: secondsBefore(now, -claim.termSeconds) });
    },

    async release(claim, { empty, unfinished = false }) {
      requireTable(database, CLAIMS);
      return database.transaction(async (session) => {
        const [row] = await session.lock(CLAIMS, isOf(claim));
        if (row === undefined) return false;
        const emptyPasses = empty ? row.emptyPasses + 1 : 0;
        const startTime = unfinished ? null : row.startTime;
        const released = { holder: null, startTime, endTime: database.now(), expiryTime: null, emptyPasses };
        return (await session.update(CLAIMS, isOf(claim), released)).length > 0;
      });
    },

    async list({ signal } = {}) {
      throwIfAborted(signal);
      requireTable(database, CLAIMS);
      const now = database.now();
      return database.rows(CLAIMS).map((row) => stateOf(row, now));
    },
  };
}

/** Everybody asks by the same row, so there has to be one. */
async function ensureRow(database: MemoryDatabase, strategy: string): Promise<void> {
  const isThere = () => database.rows(CLAIMS).some(({ id }) => id === strategy);
  if (isThere()) return;
  await database
    .transaction((session) => session.insert(CLAIMS, { id: strategy }))
    .catch((error) => {
      if (!isThere()) throw error;
    });
}

async function acquire(session: MemorySession, request: ClaimRequest, now: string): Promise<ClaimAnswer> {
  const { strategy, holder, termSeconds, notWithinSeconds = 0 } = request;
  const isIts = ({ id }: ClaimRow) => id === strategy;
  const at = toDate(now);
  const [row] = await session.lock(CLAIMS, isIts, { skipLocked: true });
  if (row === undefined) {
    const [open] = await session.select((view) => view.rows(CLAIMS, isIts));
    return { outcome: 'held', holder: open?.holder ?? 'unknown', freeInSeconds: 0, now: at };
  }

  if (!isLapsed(row, now)) {
    if (row.holder !== null && row.holder !== holder && row.expiryTime !== null) {
      return { outcome: 'held', holder: row.holder, freeInSeconds: secondsBetween(now, row.expiryTime), now: at };
    }
    const dueInSeconds =
      row.holder !== null || row.startTime === null ? 0 : notWithinSeconds - secondsBetween(row.startTime, now);
    if (dueInSeconds > 0) return { outcome: 'notDue', dueInSeconds, now: at };
  }

  const term = row.term + 1;
  const expiryTime = secondsBefore(now, -termSeconds);
  await session.update(CLAIMS, isIts, { holder, term, startTime: now, endTime: null, expiryTime });
  return { outcome: 'claimed', claim: { strategy, holder, term, termSeconds }, lapsed: row.holder, now: at };
}

const isOf =
  ({ strategy, holder, term }: Claim) =>
  (row: ClaimRow) =>
    row.id === strategy && row.holder === holder && row.term === term;

const isLapsed = ({ holder, expiryTime }: ClaimRow, now: string) =>
  holder !== null && expiryTime !== null && expiryTime <= now;

function lost({ strategy, holder, term }: Claim): JobsweepError {
  const what = `Turn ${term} of ${strategy} is not ${holder}'s any more`;
  return new JobsweepError('CLAIM_LOST', `${what}: it was released, or it lapsed. Ask for another one.`);
}

function stateOf(row: ClaimRow, now: string): ClaimState {
  const date = (time: string | null) => (time === null ? null : toDate(time));
  return {
    strategy: row.id,
    holder: row.holder,
    term: row.term,
    startedAt: date(row.startTime),
    endedAt: date(row.endTime),
    expiresAt: date(row.expiryTime),
    isLapsed: isLapsed(row, now),
    emptyPasses: row.emptyPasses,
  };
}
