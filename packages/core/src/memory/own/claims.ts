import { throwIfAborted } from '../../errors.js';
import { claimLost } from '../../service/claim-lost.js';
import {
  type Claim,
  type ClaimAnswer,
  type ClaimRequest,
  type ClaimState,
  type Claims,
  DEFAULT_CONFIG,
  type TurnProgress,
} from '../../service/claims.js';
import { checkClaimRequest } from '../../service/requests.js';
import { abandonedEntry, NO_PROGRESS, settledEntry } from '../../service/settled.js';
import type { MemoryDatabase } from '../engine/database.js';
import type { ClaimRow } from '../engine/rows.js';
import type { MemorySession } from '../engine/session.js';
import { secondsBefore, secondsBetween, toDate } from '../engine/times.js';
import { requireOpen } from '../open.js';
import { keepEntry } from './journal.js';
import { requireTable } from './missing.js';

const CLAIMS = 'jobsweep_claims';

/** The id of a turn's row. */
export const claimId = ({ config, strategy }: Pick<Claim, 'config' | 'strategy'>): string => `${config}/${strategy}`;

/** Claims in memory. They go by the database's own clock, whatever clock the store was given. */
export function memoryClaims(database: MemoryDatabase): Claims<MemorySession> {
  return {
    async acquire(request) {
      checkClaimRequest(request);
      requireTable(database, CLAIMS);
      const { config = DEFAULT_CONFIG, strategy } = request;
      await ensureRow(database, { config, strategy });
      return database.transaction((session) => acquire(session, database, { ...request, config }));
    },

    async hold(session, claim) {
      requireOpen(session);
      requireTable(database, CLAIMS);
      const [row] = await session.lock(CLAIMS, ({ id }) => id === claimId(claim));
      if (row === undefined || !isOf(claim)(row) || isLapsed(row, database.now())) throw claimLost(claim, row);
      return progressOf(row);
    },

    async advance(session, claim, progress) {
      requireOpen(session);
      requireTable(database, CLAIMS);
      const now = database.now();
      const reached = progress && { progress: JSON.stringify(progress), progressTime: now };
      await session.update(CLAIMS, isOf(claim), { expiryTime: secondsBefore(now, -claim.termSeconds), ...reached });
    },

    async release(claim, { empty, unfinished = false, entry }) {
      requireTable(database, CLAIMS);
      return database.transaction(async (session) => {
        const [row] = await session.lock(CLAIMS, isOf(claim));
        if (row === undefined) return false;
        const emptyPasses = empty ? row.emptyPasses + 1 : 0;
        const startTime = unfinished ? null : row.startTime;
        const released = { holder: null, startTime, endTime: database.now(), expiryTime: null, emptyPasses };
        await session.update(CLAIMS, isOf(claim), released);
        if (entry === undefined) return true;
        await keepEntry(session, database, settledEntry(entry, progressOf(row)), row.startTime ?? undefined);
        return true;
      });
    },

    async list({ config, signal } = {}) {
      throwIfAborted(signal);
      requireTable(database, CLAIMS);
      const now = database.now();
      const rows = database.rows(CLAIMS).filter((row) => config === undefined || row.config === config);
      return rows.map((row) => stateOf(row, now));
    },
  };
}

/** Everybody asks by the same row, so there has to be one. */
async function ensureRow(database: MemoryDatabase, turn: Pick<Claim, 'config' | 'strategy'>): Promise<void> {
  const isThere = () => database.rows(CLAIMS).some(({ id }) => id === claimId(turn));
  if (isThere()) return;
  await database
    .transaction((session) => session.insert(CLAIMS, { id: claimId(turn), ...turn }))
    .catch((error) => {
      if (!isThere()) throw error;
    });
}

async function acquire(
  session: MemorySession,
  database: MemoryDatabase,
  request: ClaimRequest & Pick<Claim, 'config'>,
): Promise<ClaimAnswer> {
  const { config, strategy, holder, termSeconds, notWithinSeconds = 0 } = request;
  const isIts = ({ id }: ClaimRow) => id === claimId(request);
  const now = database.now();
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

  await keepAbandoned(session, database, row);
  const term = row.term + 1;
  const begun = { holder, term, startTime: now, endTime: null, expiryTime: secondsBefore(now, -termSeconds) };
  await session.update(CLAIMS, isIts, { ...begun, progress: '', progressTime: null });
  return { outcome: 'claimed', claim: { config, strategy, holder, term, termSeconds }, lapsed: row.holder, now: at };
}

/** What a turn that was never given back had committed, for the history. */
async function keepAbandoned(session: MemorySession, database: MemoryDatabase, row: ClaimRow): Promise<void> {
  const { startTime, progressTime } = row;
  const seconds = startTime === null || progressTime === null ? 0 : secondsBetween(startTime, progressTime);
  const entry = abandonedEntry(row, progressOf(row), seconds);
  if (entry !== undefined) await keepEntry(session, database, entry, startTime ?? undefined);
}

const isOf =
  (claim: Claim) =>
  (row: ClaimRow): boolean =>
    row.id === claimId(claim) && row.holder === claim.holder && row.term === claim.term;

const isLapsed = ({ holder, expiryTime }: ClaimRow, now: string) =>
  holder !== null && expiryTime !== null && expiryTime <= now;

const progressOf = ({ progress }: ClaimRow): TurnProgress =>
  progress === '' ? NO_PROGRESS : (JSON.parse(progress) as TurnProgress);

function stateOf(row: ClaimRow, now: string): ClaimState {
  const date = (time: string | null) => (time === null ? null : toDate(time));
  return {
    config: row.config,
    strategy: row.strategy,
    holder: row.holder,
    term: row.term,
    startedAt: date(row.startTime),
    endedAt: date(row.endTime),
    expiresAt: date(row.expiryTime),
    isLapsed: isLapsed(row, now),
    emptyPasses: row.emptyPasses,
  };
}
