import { type Claim, type ClaimState, type Claims, checkClaimRequest, JobsweepError } from '@jobsweep/core';
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
      const { strategy, holder, termSeconds, notWithinSeconds = 0, signal } = request;
      const options = { idleTimeoutSeconds: termSeconds, signal };
      const ask = (session: PgTransaction, how: string) =>
        session.query<Row>(`${ROWS} where strategy = $1 ${how}`, [strategy]);

      // A row to lock for all who ask; of those who add it at once, all but one add nothing.
      const add = 'insert into jobsweep_claims (strategy) values ($1) on conflict do nothing';
      const work = async (session: PgTransaction) => {
        const [row] = await ask(session, 'for update skip locked');
        if (row === undefined) {
          const [seen] = await ask(session, '');
          return {
            outcome: 'held',
            holder: seen?.holder ?? 'unknown',
            freeInSeconds: 0,
            now: timeOf(seen?.now),
          } as const;
        }
        const now = timeOf(row.now);
        if (!row.lapsed) {
          if (row.holder !== null && row.holder !== holder)
            return { outcome: 'held', holder: row.holder, freeInSeconds: row.free_in, now } as const;
          const dueInSeconds = notWithinSeconds - (row.ago ?? notWithinSeconds);
          if (dueInSeconds > 0) return { outcome: 'notDue', dueInSeconds, now } as const;
        }
        const take = `
          update jobsweep_claims set holder = $2, term = term + 1, started_at = clock_timestamp(), ended_at = null,
            expires_at = clock_timestamp() + make_interval(secs => $3)
          where strategy = $1 and term = $4`;
        await session.query(take, [strategy, holder, termSeconds, row.term]);
        const claim = { strategy, holder, term: Number(row.term) + 1, termSeconds };
        return { outcome: 'claimed', claim, lapsed: row.holder, now } as const;
      };
      await initialized(
        transaction(async (session) => {
          if ((await ask(session, '')).length === 0) await session.query(add, [strategy]);
        }, options),
      );
      return transaction(work, options);
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

    release(claim, { empty }) {
      const end = `
        update jobsweep_claims set holder = null, ended_at = clock_timestamp(), expires_at = null,
          empty_passes = case when $4 then empty_passes + 1 else 0 end
        where strategy = $1 and holder = $2 and term = $3
        returning strategy`;
      const released = (session: PgTransaction) => session.query(end, [...valuesOf(claim), empty]);
      return initialized(transaction(async (session) => (await released(session)).length > 0));
    },

    async list({ signal } = {}) {
      const all = (session: PgTransaction) => session.query<Row>(`${ROWS} order by strategy collate "C"`);
      return (await initialized(transaction(all, { readOnly: true, signal }))).map(toState);
    },
  };
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
