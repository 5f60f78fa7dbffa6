import {
  abandonedEntry,
  type Claim,
  type ClaimAnswer,
  type ClaimRequest,
  type ClaimState,
  type Claims,
  checkClaimRequest,
  checkPassEntry,
  claimLost,
  DEFAULT_CONFIG,
  NO_PROGRESS,
  settledEntry,
  type TurnProgress,
} from '@jobsweep/core';
import { type PgTransaction, requireOpen } from '../pg-transaction.js';
import { keepEntry } from './journal.js';
import { initialized, type Run } from './own-tables.js';
import { timeText, toDate } from './times.js';

/** A claim's row and, by the server's clock, how it stands. */
interface Row {
  readonly config: string;
  readonly strategy: string;
  readonly holder: string | null;
  readonly term: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly expires: string | null;
  readonly empty_passes: string;
  readonly lapsed: boolean;
  readonly free_in: number;
  /** Since the turn began. */
  readonly ago: number | null;
  readonly progress: TurnProgress | null;
  /** Seconds from the beginning of the turn to its last batch. */
  readonly progress_after: number | null;
  readonly now: string;
}

// clock_timestamp(), because a transaction's own now() stands still however long it waits and works.
const ROWS = `
  select config, strategy, holder, term::text, progress,
    extract(epoch from progress_at - started_at)::float8 as progress_after, empty_passes::text,
    ${timeText('started_at')} as started, ${timeText('ended_at')} as ended, ${timeText('expires_at')} as expires,
    coalesce(expires_at <= clock_timestamp(), false) as lapsed,
    extract(epoch from expires_at - clock_timestamp())::float8 as free_in,
    extract(epoch from clock_timestamp() - started_at)::float8 as ago, ${timeText('clock_timestamp()')} as now
  from jobsweep_claims`;

/** Whose turn it is, as rows that a batch holds until it commits. */
export function claims(transaction: Run): Claims<PgTransaction> {
  return {
    async acquire(request) {
      checkClaimRequest(request);
      const options = { idleTimeoutSeconds: request.termSeconds, signal: request.signal };
      const asked = { ...request, config: request.config ?? DEFAULT_CONFIG };
      await initialized(transaction((session) => addRow(session, asked), options));
      return transaction((session) => askFor(session, asked), options);
    },

    async hold(session, claim) {
      requireOpen(session);
      // First the lock: a check in the statement that waits for it would be of the time before.
      const ofTurn = 'where config = $1 and strategy = $2';
      const name = [claim.config, claim.strategy];
      await initialized(session.query(`select from jobsweep_claims ${ofTurn} for update`, name));
      const [row] = await session.query<Row>(`${ROWS} ${ofTurn}`, name);
      const isHeld = row?.holder === claim.holder && row.term === String(claim.term) && !row.lapsed;
      if (!isHeld) throw claimLost(claim, row && { holder: row.holder, term: Number(row.term) });
      return row.progress ?? NO_PROGRESS;
    },

    async advance(session, claim, progress) {
      requireOpen(session);
      const renew = `
        update jobsweep_claims set expires_at = clock_timestamp() + make_interval(secs => $5),
          progress = coalesce($6, progress), progress_at = case when $6 is null then progress_at else clock_timestamp() end
        where ${OF_CLAIM}`;
      const reached = progress === undefined ? null : JSON.stringify(progress);
      await initialized(session.query(renew, [...valuesOf(claim), claim.termSeconds, reached]));
    },

    release(claim, { empty, unfinished = false, entry }) {
      if (entry !== undefined) checkPassEntry(entry);
      const end = `
        update jobsweep_claims set holder = null, ended_at = clock_timestamp(), expires_at = null,
          empty_passes = case when $5 then empty_passes + 1 else 0 end,
          started_at = case when $6 then null else started_at end
        where ${OF_CLAIM}`;
      const released = async (session: PgTransaction) => {
        const [row] = await session.query<Row>(`${ROWS} where ${OF_CLAIM} for update`, valuesOf(claim));
        if (row === undefined) return false;
        await session.query(end, [...valuesOf(claim), empty, unfinished]);
        if (entry !== undefined) {
          await keepEntry(session, settledEntry(entry, row.progress ?? NO_PROGRESS), row.started);
        }
        return true;
      };
      return initialized(transaction(released));
    },

    async list({ config, signal } = {}) {
      const all = (session: PgTransaction) =>
        session.query<Row>(
          `${ROWS} where $1::text is null or config = $1 order by config collate "C", strategy collate "C"`,
          [config],
        );
      return (await initialized(transaction(all, { readOnly: true, signal }))).map(toState);
    },
  };
}

/** A row to lock for all who ask; of those who add it at once, all but one add nothing. */
async function addRow(session: PgTransaction, { config, strategy }: Asked): Promise<void> {
  const found = 'select from jobsweep_claims where config = $1 and strategy = $2';
  if ((await session.query(found, [config, strategy])).length > 0) return;
  const add = 'insert into jobsweep_claims (config, strategy) values ($1, $2) on conflict do nothing';
  await session.query(add, [config, strategy]);
}

async function askFor(session: PgTransaction, request: Asked): Promise<ClaimAnswer> {
  const { config, strategy, holder, termSeconds } = request;
  const ofTurn = `${ROWS} where config = $1 and strategy = $2`;
  // Who holds the row works under it, or asks as well: nobody waits for them.
  const [row] = await session.query<Row>(`${ofTurn} for update skip locked`, [config, strategy]);
  if (row === undefined) {
    const [seen] = await session.query<Row>(ofTurn, [config, strategy]);
    return { outcome: 'held', holder: seen?.holder ?? 'unknown', freeInSeconds: 0, now: timeOf(seen?.now) };
  }
  const refusal = refusalOf(row, request);
  if (refusal !== undefined) return refusal;
  // What a turn that was never given back had committed would be told by nobody else.
  const left = abandonedEntry(row, row.progress ?? NO_PROGRESS, row.progress_after ?? 0);
  if (left !== undefined) await keepEntry(session, left, row.started);
  const take = `
    update jobsweep_claims set holder = $3, term = term + 1, started_at = clock_timestamp(), ended_at = null,
      expires_at = clock_timestamp() + make_interval(secs => $4), progress = null, progress_at = null
    where config = $1 and strategy = $2 and term = $5`;
  await session.query(take, [config, strategy, holder, termSeconds, row.term]);
  const claim = { config, strategy, holder, term: Number(row.term) + 1, termSeconds };
  return { outcome: 'claimed', claim, lapsed: row.holder, now: timeOf(row.now) };
}

/** Why a locked row is not given away. One that has lapsed or is the asker's own always is: its turn did not end. */
function refusalOf(row: Row, { holder, notWithinSeconds = 0 }: ClaimRequest): ClaimAnswer | undefined {
  if (row.lapsed) return undefined;
  const now = timeOf(row.now);
  if (row.holder === holder) return undefined;
  if (row.holder !== null) {
    return { outcome: 'held', holder: row.holder, freeInSeconds: row.free_in, now };
  }
  const dueInSeconds = notWithinSeconds - (row.ago ?? notWithinSeconds);
  return dueInSeconds > 0 ? { outcome: 'notDue', dueInSeconds, now } : undefined;
}

type Asked = ClaimRequest & Pick<Claim, 'config'>;

/** Finds the row of a claim, whose values are the first four parameters, while its turn is the claim's. */
const OF_CLAIM = 'config = $1 and strategy = $2 and holder = $3 and term = $4';
const valuesOf = ({ config, strategy, holder, term }: Claim) => [config, strategy, holder, term];
const timeOf = (time = ''): Date => toDate(time) ?? new Date(Number.NaN);

const toState = (row: Row): ClaimState => ({
  config: row.config,
  strategy: row.strategy,
  holder: row.holder,
  term: Number(row.term),
  startedAt: toDate(row.started),
  endedAt: toDate(row.ended),
  expiresAt: toDate(row.expires),
  isLapsed: row.lapsed,
  emptyPasses: Number(row.empty_passes),
});
