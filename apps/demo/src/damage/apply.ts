import type { ClusterDatabase } from '../cluster/database.js';
import { nodeOf } from '../cluster/layout.js';
import type { AllocationRow, Holding, JobRow } from '../cluster/rows.js';
import { MICROS_PER_SECOND } from '../cluster/times.js';
import type { DamageOptions } from './options.js';
import { type PlannedJob, type PlannedLeak, type PlannedRequeue, planDamage, type SurvivorKind } from './plan.js';

const CHUNK_ROWS = 2000;

/** A job is submitted so long before it starts. */
const QUEUED_SECONDS = 30;

/** The jobs that must survive, by kind: their ids. */
export type Survivors = Readonly<Record<SurvivorKind, readonly number[]>>;

/**
 * Damages a cluster of finished jobs, whose ids are given ascending; ages are as of the server's clock now. Returns
 * what must survive.
 */
export async function damageCluster(
  database: ClusterDatabase,
  finishedIds: Float64Array,
  options: DamageOptions,
): Promise<Survivors> {
  const plan = planDamage(options, finishedIds.length);
  const now = await database.now();
  const idOf = ({ ordinal }: PlannedLeak) => finishedIds[ordinal] ?? 0;
  await damageFinished(database, plan.leaks, idOf, leaked);
  await damageFinished(database, plan.requeues, idOf, (holding, requeue) => requeued(holding, requeue, now));

  const last = finishedIds.at(-1) ?? 0;
  const added = addedJobs(plan.jobs, last, now);
  await inChunks(added.jobs, (jobs) => database.insert({ jobs, allocations: [] }));
  await inChunks(added.allocations, (allocations) => database.insert({ jobs: [], allocations }));
  await database.analyze();
  const idsOf = (kind: SurvivorKind) =>
    added.jobs.filter((_, index) => plan.jobs[index]?.survives === kind).map(({ id }) => id);
  return {
    healthy: idsOf('healthy'),
    fresh: idsOf('fresh'),
    sibling: idsOf('sibling'),
    requeued: plan.requeues.map(idOf),
  };
}

/** Writes planned jobs anew, with what they hold. */
async function damageFinished<Planned extends PlannedLeak>(
  database: ClusterDatabase,
  plan: readonly Planned[],
  idOf: (planned: Planned) => number,
  damage: (holding: Holding, planned: Planned) => Holding,
): Promise<void> {
  const planned = new Map(plan.map((each) => [idOf(each), each]));
  await inChunks([...planned.keys()], async (ids) => {
    const damaged = (await database.find(ids)).map((holding) => {
      const each = planned.get(holding.jobId);
      return each === undefined ? holding : damage(holding, each);
    });
    await database.replace({
      jobs: damaged.flatMap(({ job }) => job ?? []),
      allocations: damaged.flatMap(({ allocations }) => allocations),
    });
  });
}

function leaked(holding: Holding, { status }: PlannedLeak): Holding {
  return { ...holding, allocations: holding.allocations.map((held) => ({ ...held, status, releasedTime: null })) };
}

/** What the first run left (end, exit code; while PENDING also the start) stays, as it does in tables in the wild. */
function requeued({ jobId, job, allocations }: Holding, requeue: PlannedRequeue, now: number): Holding {
  const { state, status, ageSeconds } = requeue;
  const since = before(now, ageSeconds);
  return {
    jobId,
    job: job && { ...job, state, startTime: state === 'RUNNING' ? since : job.startTime },
    allocations: allocations.map((held) => ({ ...held, status, allocationTime: since, releasedTime: null })),
  };
}

/** The jobs of the plan under the ids after `lastId`, which is that of the last job and of the last allocation. */
function addedJobs(plan: readonly PlannedJob[], lastId: number, now: number) {
  const jobs: JobRow[] = [];
  const allocations: AllocationRow[] = [];
  for (const { runningForSeconds, allocations: held } of plan) {
    const number = jobs.length + 1;
    const id = lastId + number;
    jobs.push({
      id,
      name: `job-${id}`,
      state: 'RUNNING',
      submitTime: before(now, runningForSeconds + QUEUED_SECONDS),
      startTime: before(now, runningForSeconds),
      endTime: null,
      errorMsg: null,
      exitCode: null,
      processors: 1 << (number % 8),
      userId: number % 60,
      queue: number % 2,
    });
    for (const { status, ageSeconds } of held) {
      const allocated = allocations.length + 1;
      allocations.push({
        id: lastId + allocated,
        jobId: id,
        status,
        allocationTime: before(now, ageSeconds),
        releasedTime: null,
        node: nodeOf(allocated),
      });
    }
  }
  return { jobs, allocations };
}

const before = (now: number, ageSeconds: number) => now - Math.round(ageSeconds * MICROS_PER_SECOND);

async function inChunks<Item>(
  items: readonly Item[],
  work: (chunk: readonly Item[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < items.length; from += CHUNK_ROWS) await work(items.slice(from, from + CHUNK_ROWS));
}
