import type { Database } from './connection.js';
import type { StagedLog } from './staging.js';

/**
 * Lays jobs $3 to $4 - 1 (of $1, in the order of time, made of $2 log records) out in time. The log ends at $5; each
 * repetition lies $7 seconds before the one after it. The earliest repetition may be the tail of the log only.
 */
const INSERT = `
WITH laid AS (
  SELECT number,
         number + 1 AS new_id,
         $2::bigint - 1 - mod($1::bigint - 1 - number, $2::bigint) AS ordinal,
         make_interval(secs => -$6::float8 - $7::float8 * (($1::bigint - 1 - number) / $2::bigint)) AS shift
  FROM generate_series($3::bigint, $4::bigint - 1) AS number
), inserted AS (
  INSERT INTO jobs (id, name, state, submit_time, start_time, end_time, exit_code, processors, user_id, queue)
  SELECT CASE WHEN $1 = $2 THEN log.id ELSE laid.new_id END, log.name, log.state,
         $5::timestamptz + (make_interval(secs => log.submit_seconds) + laid.shift),
         $5::timestamptz + (make_interval(secs => log.start_seconds) + laid.shift),
         $5::timestamptz + (make_interval(secs => log.end_seconds) + laid.shift),
         log.exit_code, log.processors, log.user_id, log.queue
  FROM laid JOIN log_jobs AS log USING (ordinal)
  ORDER BY laid.number
  RETURNING id, start_time, end_time
)
INSERT INTO resource_allocations (id, job_id, status, allocation_time, released_time, node)
SELECT id, id, 'RELEASED', start_time, end_time, 'node-' || lpad(mod(id, 128)::text, 3, '0') FROM inserted`;

const CHUNK_JOBS = 50_000;

/** Between the last end of one repetition and the first submit of the next. */
const GAP_SECONDS = 60;

/** Repetitions of a long log move closer together rather than before the time that databases know. */
const MAX_SPAN_SECONDS = 200 * 365 * 86_400;

/**
 * Makes `jobs` jobs and their released allocations out of the staged log, which is repeated as often as it takes, and
 * moved so that it ends at `endsAt` (a time as PostgreSQL reads it). Without repetition jobs keep the log's ids.
 */
export async function layOut(
  database: Database,
  staged: StagedLog,
  jobs: number,
  endsAt: string,
  onJobs: (jobs: number) => void,
): Promise<void> {
  const periodSeconds = repetitionSeconds(staged, jobs);
  for (let from = 0; from < jobs; from += CHUNK_JOBS) {
    const to = Math.min(jobs, from + CHUNK_JOBS);
    await database.query(INSERT, [jobs, staged.jobs, from, to, endsAt, staged.lastEndSeconds, periodSeconds]);
    onJobs(to);
  }
}

function repetitionSeconds(staged: StagedLog, jobs: number): number {
  const repetitions = Math.ceil(jobs / staged.jobs);
  const lengthSeconds = staged.lastEndSeconds - staged.firstSubmitSeconds + GAP_SECONDS;
  return Math.min(lengthSeconds, MAX_SPAN_SECONDS / repetitions);
}
