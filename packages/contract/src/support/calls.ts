import type { AllocationWithJob, CleanupRepository, Job } from '@jobsweep/core';
import type { Seed } from '../cluster.js';

type Options = { readonly signal?: AbortSignal };

/** One operation of the port, called on rows made by hand: a job and an allocation with the id 1. */
export interface Call {
  readonly name: keyof CleanupRepository<object>;
  readonly isWrite: boolean;
  /** Rows of which a write changes something. */
  readonly rows: Seed;
  run<Session>(repository: CleanupRepository<Session>, session: Session, options?: Options): Promise<unknown>;
}

const TIME = '2020-01-01T00:00:00.000Z';

const RUNNING: Job = {
  id: '1',
  name: 'train',
  state: 'RUNNING',
  startTime: new Date(TIME),
  endTime: null,
  errorMsg: null,
  exitCode: null,
};
const COMPLETED: Job = { ...RUNNING, state: 'COMPLETED', endTime: new Date(TIME) };

const reservedFor = (job: Job): AllocationWithJob => ({
  id: '1',
  jobId: '1',
  status: 'RESERVED',
  allocationTime: new Date(TIME),
  releasedTime: null,
  job,
});

function rowsOf({ name, state, startTime, endTime }: Job, status: string): Seed {
  const written = (time: Date | null) => time?.toISOString().replace('Z', '000Z') ?? null;
  const times = { startTime: written(startTime), endTime: written(endTime) };
  return {
    jobs: [{ id: '1', name, state, ...times }],
    allocations: [{ id: '1', jobId: '1', status, allocationTime: written(new Date(TIME)) }],
  };
}

const running = { isWrite: true, rows: rowsOf(RUNNING, 'RESERVED') };
const completed = { isWrite: true, rows: rowsOf(COMPLETED, 'RESERVED') };
const read = { isWrite: false, rows: rowsOf(COMPLETED, 'RESERVED') };

/** All operations of the port. */
export const calls: readonly Call[] = [
  {
    ...read,
    name: 'countCompletedJobsWithUnreleasedResources',
    run: (repository, session, options) => repository.countCompletedJobsWithUnreleasedResources(session, options),
  },
  {
    ...read,
    name: 'getCompletedJobsWithUnreleasedResources',
    run: (repository, session, options) => repository.getCompletedJobsWithUnreleasedResources(session, options),
  },
  {
    ...completed,
    name: 'releaseResourcesForCompletedJobs',
    run: (repository, session, options) =>
      repository.releaseResourcesForCompletedJobs(session, [reservedFor(COMPLETED)], options),
  },
  {
    ...read,
    name: 'countStaleReservations',
    run: (repository, session, options) => repository.countStaleReservations(session, 10, options),
  },
  {
    ...read,
    name: 'getStaleReservations',
    run: (repository, session, options) => repository.getStaleReservations(session, 10, options),
  },
  {
    ...running,
    name: 'cleanupStaleReservation',
    run: (repository, session, options) =>
      repository.cleanupStaleReservation(session, reservedFor(RUNNING), undefined, options),
  },
  {
    ...running,
    name: 'cleanupStaleReservations',
    run: (repository, session, options) =>
      repository.cleanupStaleReservations(session, [reservedFor(RUNNING)], undefined, options),
  },
  {
    ...read,
    name: 'getStuckJobs',
    run: (repository, session, options) => repository.getStuckJobs(session, 48, options),
  },
  {
    ...running,
    name: 'markJobAsFailed',
    run: (repository, session, options) => repository.markJobAsFailed(session, RUNNING, 'too long', '-2:0', options),
  },
  {
    ...running,
    name: 'markJobsAsFailed',
    run: (repository, session, options) => repository.markJobsAsFailed(session, [RUNNING], 'too long', '-2:0', options),
  },
  {
    ...completed,
    name: 'releaseResourceForJob',
    run: (repository, session, options) => repository.releaseResourceForJob(session, COMPLETED, options),
  },
  {
    ...completed,
    name: 'releaseResourcesForJobs',
    run: (repository, session, options) => repository.releaseResourcesForJobs(session, [COMPLETED], options),
  },
  {
    ...read,
    name: 'getOldJobs',
    run: (repository, session, options) => repository.getOldJobs(session, 30, options),
  },
  {
    isWrite: true,
    rows: rowsOf(COMPLETED, 'RELEASED'),
    name: 'deleteJobsBatch',
    run: (repository, session, options) => repository.deleteJobsBatch(session, [COMPLETED], options),
  },
];
