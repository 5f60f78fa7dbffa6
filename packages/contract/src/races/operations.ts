import type { AllocationWithJob, CleanupRepository, Job, ResourceAllocation, WriteOutcome } from '@jobsweep/core';
import type { RowName } from './actions.js';
import {
  type AllocationNow,
  allocationsOf,
  type JobNow,
  type Snapshot,
  withAllocation,
  withJob,
  withoutJob,
} from './snapshot.js';

/** What an operation said it did, by id. */
interface Said {
  readonly returned: number | readonly string[];
  readonly changed: readonly string[];
  readonly contended: readonly string[];
}

/** A write of the port, and the rule of the specification that it has to keep, in the words of the test. */
export interface Operation {
  readonly name: string;
  /** Jobs 1 and 2 are due, with allocations 11, 12 and 21, 22. Job 3 is healthy and holds 31. */
  readonly tables: Snapshot;
  /** The rows of job 1 that the rule looks at: it locks them, and leaves the job alone where others hold one. */
  readonly locks: readonly RowName[];
  /** The id that it reports of job 1 or 2. */
  readonly reports: (job: string) => string;
  /** Whether a job that was read as in `tables` is still due. */
  readonly isDue: (now: Snapshot, job: string) => boolean;
  /** What it makes of a job that is due, and the ids that it reports as changed. */
  readonly repairs: (now: Snapshot, job: string) => { readonly now: Snapshot; readonly changed: readonly string[] };
  /** Reads what is due, and gives the write. */
  read<Session>(repository: CleanupRepository<Session>, session: Session): Promise<(session: Session) => Promise<Said>>;
}

const RESERVED: AllocationNow = { job: '', status: 'RESERVED', since: 'old', released: null };
const ALLOCATED: AllocationNow = { ...RESERVED, status: 'ALLOCATED' };
const RELEASED: AllocationNow = { ...RESERVED, status: 'RELEASED', released: 'old' };
const RUNNING: JobNow = { state: 'RUNNING', start: 'old', end: null, error: null, exit: null, owner: 'alice' };
const COMPLETED: JobNow = { ...RUNNING, state: 'COMPLETED', end: 'old', exit: '0:0' };
const FAILED: JobNow = { ...RUNNING, state: 'FAILED', end: 'old', error: 'Lost', exit: '1:0' };

function tablesOf(job: JobNow, allocation: AllocationNow): Snapshot {
  return {
    jobs: { 1: job, 2: job, 3: { ...RUNNING, start: 'new' } },
    allocations: {
      11: { ...allocation, job: '1' },
      12: { ...RELEASED, job: '1' },
      21: { ...allocation, job: '2' },
      22: { ...RELEASED, job: '2' },
      31: { ...ALLOCATED, job: '3', since: 'new' },
    },
  };
}

const isFinished = (job: JobNow) => ['COMPLETED', 'FAILED', 'CANCELLED'].includes(job.state);
const release = (now: Snapshot, id: string) => withAllocation(now, id, { status: 'RELEASED', released: 'new' });
const unreleasedOf = (now: Snapshot, job: string) =>
  allocationsOf(now, job).filter((id) => now.allocations[id]?.status !== 'RELEASED');

/** The allocation 11 or 21 while it is as it was read. */
function unchangedAllocation(now: Snapshot, job: string, read: AllocationNow): AllocationNow | undefined {
  const allocation = now.allocations[`${job}1`];
  const isSame = allocation?.job === job && allocation.status === read.status && allocation.since === read.since;
  return isSame ? allocation : undefined;
}

const STALE = 'Job reservation timed out; the queue entry may have been lost or the worker never started';

/** Collects what a write says, whatever rows it speaks of. */
async function said<Row extends { readonly id: string }>(
  write: (options: { onOutcome: (outcome: WriteOutcome<Row>) => void }) => Promise<number | readonly Row[]>,
): Promise<Said> {
  const outcomes: WriteOutcome<Row>[] = [];
  const returned = await write({ onOutcome: (outcome) => outcomes.push(outcome) });
  const ids = (rows: readonly Row[] = []) => rows.map(({ id }) => id).sort();
  return {
    returned: typeof returned === 'number' ? returned : ids(returned),
    changed: ids(outcomes[0]?.changed),
    contended: ids(outcomes[0]?.contended),
  };
}

export const operations: readonly Operation[] = [
  {
    name: 'releaseResourcesForCompletedJobs',
    tables: tablesOf(COMPLETED, RESERVED),
    locks: ['job 1', 'allocation 11'],
    reports: (job) => `${job}1`,
    isDue: (now, id) => {
      const job = now.jobs[id];
      const isSameRun = job !== undefined && isFinished(job) && job.start === 'old';
      return isSameRun && unchangedAllocation(now, id, RESERVED) !== undefined;
    },
    repairs: (now, job) => ({ now: release(now, `${job}1`), changed: [`${job}1`] }),
    async read(repository, session) {
      const rows = await repository.getCompletedJobsWithUnreleasedResources(session);
      return (writing) => said<AllocationWithJob>((o) => repository.releaseResourcesForCompletedJobs(writing, rows, o));
    },
  },
  {
    name: 'cleanupStaleReservations',
    tables: tablesOf(RUNNING, RESERVED),
    locks: ['job 1', 'allocation 11', 'allocation 12'],
    reports: (job) => `${job}1`,
    isDue: (now, id) => {
      const isSameRun = now.jobs[id]?.state === 'RUNNING' && now.jobs[id].start === 'old';
      const isAlive = (allocation?: AllocationNow) => allocation?.status !== 'RESERVED' || allocation.since !== 'old';
      const hasLiveSibling = unreleasedOf(now, id).some((sibling) => isAlive(now.allocations[sibling]));
      return isSameRun && unchangedAllocation(now, id, RESERVED) !== undefined && !hasLiveSibling;
    },
    repairs: (now, job) => ({
      now: withJob(release(now, `${job}1`), job, { state: 'FAILED', end: 'new', error: STALE, exit: '-3:0' }),
      changed: [`${job}1`],
    }),
    async read(repository, session) {
      const rows = await repository.getStaleReservations(session, 10);
      return (writing) =>
        said<AllocationWithJob>((o) => repository.cleanupStaleReservations(writing, rows, undefined, o));
    },
  },
  {
    name: 'markJobsAsFailed',
    tables: tablesOf(RUNNING, ALLOCATED),
    locks: ['job 1'],
    reports: (job) => job,
    isDue: (now, id) => now.jobs[id]?.state === 'RUNNING' && now.jobs[id].start === 'old',
    repairs: (now, job) => ({
      now: withJob(now, job, { state: 'FAILED', end: 'new', error: 'Stuck', exit: '-2:0' }),
      changed: [job],
    }),
    async read(repository, session) {
      const jobs = await repository.getStuckJobs(session, 48);
      return (writing) => said<Job>((o) => repository.markJobsAsFailed(writing, jobs, 'Stuck', undefined, o));
    },
  },
  {
    name: 'releaseResourcesForJobs',
    tables: tablesOf(FAILED, ALLOCATED),
    locks: ['job 1', 'allocation 11'],
    reports: (job) => `${job}1`,
    isDue: (now, id) => {
      const job = now.jobs[id];
      return job !== undefined && isFinished(job) && job.start === 'old';
    },
    repairs: (now, job) => ({ now: unreleasedOf(now, job).reduce(release, now), changed: unreleasedOf(now, job) }),
    async read(repository, session) {
      const jobs = await repository.getOldJobs(session, 30);
      return (writing) => said<ResourceAllocation>((o) => repository.releaseResourcesForJobs(writing, jobs, o));
    },
  },
  {
    name: 'deleteJobsBatch',
    tables: tablesOf(COMPLETED, RELEASED),
    locks: ['job 1', 'allocation 11', 'allocation 12'],
    reports: (job) => job,
    isDue: (now, id) => {
      const job = now.jobs[id];
      const isUnchanged = job?.state === 'COMPLETED' && job.start === 'old' && job.end === 'old';
      return isUnchanged && unreleasedOf(now, id).length === 0;
    },
    repairs: (now, job) => ({ now: withoutJob(now, job), changed: [job] }),
    async read(repository, session) {
      const jobs = await repository.getOldJobs(session, 30);
      return (writing) => said<Job>((o) => repository.deleteJobsBatch(writing, jobs, o));
    },
  },
];

/** What an operation has to do and to say, given job 1 and job 2 as read; `spared` jobs are held by others. */
export function expected(operation: Operation, now: Snapshot, spared: readonly string[] = []) {
  let after = now;
  const changed: string[] = [];
  for (const job of ['1', '2']) {
    if (spared.includes(job) || !operation.isDue(after, job)) continue;
    const repaired = operation.repairs(after, job);
    after = repaired.now;
    changed.push(...repaired.changed);
  }
  return { after, changed: changed.sort(), contended: spared.map(operation.reports) };
}
