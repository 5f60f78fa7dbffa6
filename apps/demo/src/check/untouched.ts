import { type Database, oneRow } from '../cluster/connection.js';
import { isFinished, isOld, isStale, isStuck, isUnreleased } from './rules.js';

/** What the pass was told, and when it ran: times as PostgreSQL reads them. */
export interface PassWindow {
  readonly startedAt: string;
  readonly endedAt: string;
  /** Whether old jobs may be gone. */
  readonly purge: boolean;
}

/** A row that is not as the rules allow. */
export interface Violation {
  readonly table: 'jobs' | 'resource_allocations';
  readonly id: string;
  readonly what: 'changed' | 'missing' | 'new';
}

export interface UntouchedResult {
  /** Every row outside the rules is byte for byte as before, and those inside changed only as their rule says. */
  readonly untouched: boolean;
  /** Rows that were compared. */
  readonly compared: number;
  readonly violations: number;
  /** The first of the violations. */
  readonly first: readonly Violation[];
}

/** $1: start of the pass, $2: end of the pass, until when rows became due, $3: whether it purges. */
const END = '$2::timestamptz';
const WRITTEN = 'BETWEEN $1::timestamptz AND $2::timestamptz';

const FIRST = 3;

/** Each job that the pass may have touched, with the rules that allow it. */
const DUE_JOBS = `
due AS MATERIALIZED (
  SELECT id, stale, stuck, old FROM (
    SELECT job.id,
           job.state = 'RUNNING' AND EXISTS (
             SELECT FROM before_pass.resource_allocations AS held WHERE held.job_id = job.id
               AND ${isStale('held', 'job', 'before_pass.resource_allocations', END)}) AS stale,
           ${isStuck('job', END)} AS stuck,
           $3::boolean AND ${isOld('job', END)} AS old
    FROM before_pass.jobs AS job
  ) AS judged WHERE stale OR stuck OR old
)`;

/** Whether the rows agree in every column but these. `*<>` compares the stored bytes of whole rows. */
const sameExcept = (...columns: string[]) =>
  `to_jsonb(was) - '{${columns.join(',')}}'::text[] = to_jsonb(is_now) - '{${columns.join(',')}}'::text[]`;

const JOBS = `
SELECT 'jobs' AS table, coalesce(was.id, is_now.id) AS id, is_now.id IS NULL AS gone, was.id IS NULL AS new
FROM before_pass.jobs AS was FULL JOIN jobs AS is_now ON is_now.id = was.id LEFT JOIN due ON due.id = was.id
WHERE (was.id IS NULL OR is_now.id IS NULL OR was *<> is_now)
  AND NOT coalesce(due.old AND is_now.id IS NULL, false)
  AND NOT coalesce(
    is_now.state = 'FAILED' AND is_now.end_time ${WRITTEN} AND is_now.error_msg <> ''
    AND (due.stale AND is_now.exit_code = '-3:0' OR due.stuck AND is_now.exit_code = '-2:0')
    AND ${sameExcept('state', 'end_time', 'error_msg', 'exit_code')}, false)`;

const ALLOCATIONS = `
SELECT 'resource_allocations', coalesce(was.id, is_now.id), is_now.id IS NULL, was.id IS NULL
FROM before_pass.resource_allocations AS was
FULL JOIN resource_allocations AS is_now ON is_now.id = was.id
LEFT JOIN before_pass.jobs AS job ON job.id = was.job_id
LEFT JOIN due ON due.id = was.job_id
WHERE (was.id IS NULL OR is_now.id IS NULL OR was *<> is_now)
  AND NOT coalesce(due.old AND is_now.id IS NULL AND NOT EXISTS (SELECT FROM jobs WHERE jobs.id = was.job_id), false)
  AND NOT coalesce(
    is_now.status = 'RELEASED' AND is_now.released_time ${WRITTEN} AND ${isUnreleased('was')}
    AND (${isFinished('job')} OR (SELECT jobs.state FROM jobs WHERE jobs.id = job.id) = 'FAILED'
      AND (due.stuck OR ${isStale('was', 'job', 'before_pass.resource_allocations', END)}))
    AND ${sameExcept('status', 'released_time')}, false)`;

const CHECK = `
WITH ${DUE_JOBS}, violation AS (${JOBS} UNION ALL ${ALLOCATIONS})
SELECT "table", id::text AS id, CASE WHEN new THEN 'new' WHEN gone THEN 'missing' ELSE 'changed' END AS what,
       (count(*) OVER ())::integer AS total
FROM violation ORDER BY 1, violation.id LIMIT ${FIRST}`;

const COMPARED = `
SELECT ((SELECT count(*) FROM before_pass.jobs) + (SELECT count(*) FROM before_pass.resource_allocations))::integer
  AS count`;

/**
 * Compares every row with the snapshot. A row may have changed only where a rule made it due before the pass ended,
 * only in the columns that the rule names, and only to what the rule writes; rows may be gone only where the pass
 * purges; none may be new.
 */
export async function checkUntouched(database: Database, pass: PassWindow): Promise<UntouchedResult> {
  const { rows } = await database.query<Violation & { total: number }>(CHECK, [
    pass.startedAt,
    pass.endedAt,
    pass.purge,
  ]);
  const { count } = await oneRow<{ count: number }>(database, COMPARED);
  const violations = rows[0]?.total ?? 0;
  const first = rows.map(({ table, id, what }) => ({ table, id, what }));
  return { untouched: violations === 0, compared: count, violations, first };
}
