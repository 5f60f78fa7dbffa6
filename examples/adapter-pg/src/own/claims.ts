import {
  type Claim,
  type ClaimAnswer,
  type ClaimRequest,
  type ClaimState,
  type Claims,
  checkClaimRequest,
  JobsweepError,
} from '@jobsweep/core';
import { type PgTransaction, requireOpen } from '../pg-transaction.js';
import { timeText, toDate } from '../rows.js';
import { initialized, type Run } from './own-tables.js';

/** A claim's row and, by the server's clock, how it stands. */
interface Row {
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
  readonly now: string;
}

// clock_timestamp(), because a transaction's own now() stands still however long it waits and works.
const ROWS = `
  select strategy, holder, term::text, empty_passes::text,
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
      await initialized(transaction((session) => addRow(session, request.strategy), options));
      return transaction((session) => askFor(session, request), options);
    },

    async hold(session, claim) {
      requireOpen(session);
      // First the lock: a check in the statement that waits for it would be of the time before.
      const lock = 'select from jobsweep_claims where strategy = $1 for update';
      await initialized(session.query(lock, [claim.strategy]));
      const renew = `
        update jobsweep_claims set expires_at = clock_timestamp() + make_interval(secs => $4)
        where strategy = $1 and holder = $2 and term = $3 and expires_at > clock_timestamp()
        returning strategy`;
      const held = await session.query(renew, [...valuesOf(claim), claim.termSeconds]);
      if (held.length > 0) return;
      const message = `Turn ${claim.term} of ${claim.strategy} is over: it was released, has lapsed, or is another one's.`;
      throw new JobsweepError('CLAIM_LOST', message);
    },

    release(claim, { empty, unfinished = false }) {
      const end = `
        update jobsweep_claims set holder = null, ended_at = clock_timestamp(), expires_at = null,
          empty_passes = case when $4 then empty_passes + 1 else 0 end,
          started_at = case when $5 then null else started_at end
        where strategy = $1 and holder = $2 and term = $3
        returning strategy`;
      const released = (session: PgTransaction) => session.query(end, [...valuesOf(claim), empty, unfinished]);
      return initialized(transaction(async (session) => (await released(session)).length > 0));
    },

    async list({ signal } = {}) {
      const all = (session: PgTransaction) => session.query<Row>(`${ROWS} order by strategy collate "C"`);
      return (await initialized(transaction(all, { readOnly: true, signal }))).map(toState);
    },
  };
}

/** A row to lock for all who ask; of those who add it at once, all but one add nothing. */
async function addRow(session: PgTransaction, strategy: string): Promise<void> {
  if ((await session.query('select from jobsweep_claims where strategy = $1', [strategy])).length > 0) return;
  await session.query('insert into jobsweep_claims (strategy) values ($1) on conflict do nothing', [strategy]);
}

async function askFor(session: PgTransaction, request: ClaimRequest): Promise<ClaimAnswer> {
  const { strategy, holder, termSeconds } = request;
  const ofStrategy = `${ROWS} where strategy = $1`;
  // Who holds the row works under it, or asks as well: nobody waits for them.
  const [row] = await session.query<Row>(`${ofStrategy} for update skip locked`, [strategy]);
  if (row === undefined) {
    const [seen] = await session.query<Row>(ofStrategy, [strategy]);
    return { outcome: 'held', holder: seen?.holder ?? 'unknown', freeInSeconds: 0, now: timeOf(seen?.now) };
  }
  const refusal = refusalOf(row, request);
  if (refusal !== undefined) return refusal;
  const take = `
    update jobsweep_claims set holder = $2, term = term + 1, started_at = clock_timestamp(), ended_at = null,
      expires_at = clock_timestamp() + make_interval(secs => $3)
    where strategy = $1 and term = $4`;
  await session.query(take, [strategy, holder, termSeconds, row.term]);
  const claim = { strategy, holder, term: Number(row.term) + 1, termSeconds };
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

const valuesOf = ({ strategy, holder, term }: Claim) => [strategy, holder, term];
const timeOf = (time = ''): Date => toDate(time) ?? new Date(Number.NaN);

const toState = (row: Row): ClaimState => ({
  strategy: row.strategy,
  holder: row.holder,
  term: Number(row.term),
  startedAt: toDate(row.started),
  endedAt: toDate(row.ended),
  expiresAt: toDate(row.expires),
  isLapsed: row.lapsed,
  emptyPasses: Number(row.empty_passes),
});
