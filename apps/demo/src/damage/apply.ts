import { type Database, oneRow } from '../cluster/connection.js';
import type { DamageOptions } from './options.js';
import { type DamagePlan, type PlannedJob, planDamage, type SurvivorKind } from './plan.js';

const COUNT = `
SELECT (SELECT count(*) FROM jobs WHERE state IN ('COMPLETED', 'FAILED', 'CANCELLED'))::integer AS finished,
       (SELECT coalesce(max(id), 0) FROM jobs)::text AS last_job,
       (SELECT coalesce(max(id), 0) FROM resource_allocations)::text AS last_allocation`;

const FINISHED = `
finished AS (
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS ordinal FROM jobs
  WHERE state IN ('COMPLETED', 'FAILED', 'CANCELLED')
)`;

const LEAK = `
WITH ${FINISHED}
UPDATE resource_allocations AS allocation SET status = leak.status, released_time = NULL
FROM unnest($1::bigint[], $2::text[]) AS leak (ordinal, status) JOIN finished USING (ordinal)
WHERE allocation.job_id = finished.id`;

/** What the first run left (end, exit code; while PENDING also the start) stays, as it does in tables in the wild. */
const REQUEUE = `
WITH ${FINISHED}, requeued AS (
  SELECT finished.id, planned.state, planned.status, now() - make_interval(secs => planned.age_seconds) AS since
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::float8[]) AS planned (ordinal, state, status, age_seconds)
  JOIN finished USING (ordinal)
), held AS (
  UPDATE resource_allocations AS allocation
  SET status = requeued.status, allocation_time = requeued.since, released_time = NULL
  FROM requeued WHERE allocation.job_id = requeued.id
)
UPDATE jobs AS job
SET state = requeued.state,
    start_time = CASE WHEN requeued.state = 'RUNNING' THEN requeued.since ELSE job.start_time END
FROM requeued WHERE job.id = requeued.id
RETURNING job.id::text AS id`;

const ADD_JOBS = `
INSERT INTO jobs (id, name, state, submit_time, start_time, processors, user_id, queue)
SELECT id, 'job-' || id, 'RUNNING', now() - make_interval(secs => age_seconds + 30),
       now() - make_interval(secs => age_seconds), 1 << mod(n, 8)::integer, mod(n, 60), mod(n, 2)
FROM unnest($1::bigint[], $2::float8[]) WITH ORDINALITY AS added (id, age_seconds, n)`;

const ADD_ALLOCATIONS = `
INSERT INTO resource_allocations (id, job_id, status, allocation_time, node)
SELECT $1::bigint + n, job_id, status, now() - make_interval(secs => age_seconds),
       'node-' || lpad(mod(n, 128)::text, 3, '0')
FROM unnest($2::bigint[], $3::text[], $4::float8[]) WITH ORDINALITY AS added (job_id, status, age_seconds, n)`;

/** The jobs that must survive, by kind. Ids are as PostgreSQL writes them. */
export type Survivors = Readonly<Record<SurvivorKind, readonly string[]>>;

/** Damages the cluster in one transaction, in which now is the database's. Returns what must survive. */
export async function damageCluster(database: Database, options: DamageOptions): Promise<Survivors> {
  await database.query('BEGIN');
  const counted = await oneRow<{ finished: number; last_job: string; last_allocation: string }>(database, COUNT);
  const plan = planDamage(options, counted.finished);
  const requeued = await damageFinished(database, plan);
  const ids = plan.jobs.map((_, index) => String(BigInt(counted.last_job) + BigInt(index + 1)));
  await addJobs(database, plan.jobs, ids, counted.last_allocation);
  await database.query('COMMIT');
  await database.query('ANALYZE jobs, resource_allocations');
  const added = (kind: SurvivorKind) => ids.filter((_, index) => plan.jobs[index]?.survives === kind);
  return { healthy: added('healthy'), fresh: added('fresh'), sibling: added('sibling'), requeued };
}

/** Both statements count the finished jobs of the plan, so the one that changes their number comes last. */
async function damageFinished(database: Database, { leaks, requeues }: DamagePlan): Promise<readonly string[]> {
  await database.query(LEAK, [leaks.map((leak) => leak.ordinal), leaks.map((leak) => leak.status)]);
  const { rows } = await database.query<{ id: string }>(REQUEUE, [
    requeues.map((requeue) => requeue.ordinal),
    requeues.map((requeue) => requeue.state),
    requeues.map((requeue) => requeue.status),
    requeues.map((requeue) => requeue.ageSeconds),
  ]);
  return rows.map((row) => row.id);
}

async function addJobs(
  database: Database,
  jobs: readonly PlannedJob[],
  ids: readonly string[],
  lastAllocation: string,
): Promise<void> {
  const allocations = jobs.flatMap((job, index) => job.allocations.map((held) => ({ ...held, jobId: ids[index] })));
  await database.query(ADD_JOBS, [ids, jobs.map((job) => job.runningForSeconds)]);
  await database.query(ADD_ALLOCATIONS, [
    lastAllocation,
    allocations.map((allocation) => allocation.jobId),
    allocations.map((allocation) => allocation.status),
    allocations.map((allocation) => allocation.ageSeconds),
  ]);
}
