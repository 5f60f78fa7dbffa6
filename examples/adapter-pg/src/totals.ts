import { type Rule, requireRows, type ServerInfo, type Totals, type TotalsOptions } from '@jobsweep/core';
import { DAY, HOUR, MINUTE, seconds } from './ages.js';
import type { PgTransaction } from './pg-transaction.js';
import { count } from './reads.js';
import { timeText, toDate } from './rows.js';
import * as rules from './rules.js';

/** What is counted of a rule: what is due, of what, and what never will be. */
interface Counted {
  readonly due: rules.Rule;
  /** The time since when a row is due. */
  readonly since: string;
  readonly population: string;
  readonly undated?: string;
  /** What of `due` cannot be deleted. */
  readonly held?: string;
}

const RUNNING = "from jobs j where j.state = 'RUNNING'";
const FINISHED = `from jobs j where j.state in ${rules.FINISHED}`;
const UNRELEASED = `
  from resource_allocations a join jobs j on j.id = a.job_id where a.status in ${rules.UNRELEASED}`;
const HAS_UNDATED = `exists (
  select from resource_allocations a where a.job_id = j.id and a.status = 'RESERVED' and a.allocation_time is null)`;

const HOLDS = `exists (
  select from resource_allocations a where a.job_id = j.id and a.status is distinct from 'RELEASED')`;

function counted(rule: Rule, now: string): Counted {
  switch (rule.name) {
    case 'completed_job_cleanup':
      return { due: rules.completedWithUnreleased, since: 'j.end_time', population: UNRELEASED };
    case 'stale_reservation_cleanup': {
      const due = rules.staleReservations(now, seconds({ maxAgeMinutes: rule.maxAgeMinutes }, MINUTE));
      return { due, since: 'a.allocation_time', population: RUNNING, undated: HAS_UNDATED };
    }
    case 'stuck_job_cleanup': {
      const due = rules.stuckJobs(now, seconds({ maxAgeHours: rule.maxAgeHours }, HOUR));
      return { due, since: 'j.start_time', population: RUNNING, undated: 'j.start_time is null' };
    }
    case 'old_job_cleanup': {
      const due = rules.oldJobs(now, seconds({ maxAgeDays: rule.maxAgeDays }, DAY));
      return { due, since: 'j.end_time', population: FINISHED, undated: 'j.end_time is null', held: HOLDS };
    }
  }
}

/** How much a rule matches, and since when. The age comes from the row that is due first, which an index finds. */
export async function totals(
  session: PgTransaction,
  now: string,
  rule: Rule,
  { atMost = 10_000, holding = false, signal }: TotalsOptions = {},
): Promise<Totals> {
  requireRows('atMost', atMost, 10_000_000);
  const { due, since, population, undated, held } = counted(rule, now);
  const many = (sql: string) => count(session, { sql }, { atMost, signal });
  const age = `select extract(epoch from ${now} - ${since})::float8 as seconds ${due.sql} and ${since} is not null`;
  const [oldest] = await session.query<{ seconds: number }>(`${age} order by ${since} limit 1`);
  return {
    due: await many(due.sql),
    population: await many(population),
    oldestAgeSeconds: oldest?.seconds ?? null,
    undated: undated === undefined ? 0 : await many(`${population} and ${undated}`),
    ...(holding && held !== undefined && { holding: await many(`${due.sql} and ${held}`) }),
  };
}

export async function server(session: PgTransaction): Promise<ServerInfo> {
  const [row] = await session.query<{ version: string; zone: string; writable: boolean; now: string }>(
    `select current_setting('server_version') as version, current_setting('timezone') as zone,
       not pg_is_in_recovery() as writable,
       ${timeText('clock_timestamp()')} as now`,
  );
  const { version = '', zone = '', now = '', writable = false } = row ?? {};
  return {
    product: 'PostgreSQL',
    version,
    now: toDate(now) ?? new Date(Number.NaN),
    timeZone: zone,
    isWritable: writable,
  };
}
