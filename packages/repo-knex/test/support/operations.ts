import type { AllocationWithJob, CleanupRepository, Job } from '@jobsweep/core';
import type { Knex } from 'knex';

type Options = { readonly signal?: AbortSignal };

/** One operation of the port, on rows that a test found or made by hand. */
export interface Operation {
  readonly name: string;
  call(repository: CleanupRepository<Knex.Transaction>, session: Knex.Transaction, options?: Options): Promise<unknown>;
}

/** A job and a reservation as somebody would make them by hand; both have the id 1. */
const GIVEN_JOB: Job = {
  id: '1',
  name: 'train',
  state: 'RUNNING',
  startTime: new Date('2026-01-01T00:00:00Z'),
  endTime: null,
  errorMsg: null,
  exitCode: null,
};

const GIVEN_RESERVATION: AllocationWithJob = {
  id: '1',
  jobId: '1',
  status: 'RESERVED',
  allocationTime: new Date('2026-01-01T00:00:00Z'),
  releasedTime: null,
  job: GIVEN_JOB,
};

const FINISHED_JOB: Job = { ...GIVEN_JOB, state: 'COMPLETED' };

const READS: readonly Operation[] = [
  {
    name: 'countCompletedJobsWithUnreleasedResources',
    call: (repository, session, options) => repository.countCompletedJobsWithUnreleasedResources(session, options),
  },
  {
    name: 'getCompletedJobsWithUnreleasedResources',
    call: (repository, session, options) => repository.getCompletedJobsWithUnreleasedResources(session, options),
  },
  {
    name: 'countStaleReservations',
    call: (repository, session, options) => repository.countStaleReservations(session, 10, options),
  },
  {
    name: 'getStaleReservations',
    call: (repository, session, options) => repository.getStaleReservations(session, 10, options),
  },
  { name: 'getStuckJobs', call: (repository, session, options) => repository.getStuckJobs(session, 48, options) },
  { name: 'getOldJobs', call: (repository, session, options) => repository.getOldJobs(session, 30, options) },
];

export const WRITES: readonly Operation[] = [
  {
    name: 'releaseResourcesForCompletedJobs',
    call: (repository, session, options) =>
      repository.releaseResourcesForCompletedJobs(session, [{ ...GIVEN_RESERVATION, job: FINISHED_JOB }], options),
  },
  {
    name: 'cleanupStaleReservation',
    call: (repository, session, options) =>
      repository.cleanupStaleReservation(session, GIVEN_RESERVATION, undefined, options),
  },
  {
    name: 'cleanupStaleReservations',
    call: (repository, session, options) =>
      repository.cleanupStaleReservations(session, [GIVEN_RESERVATION], undefined, options),
  },
  {
    name: 'markJobAsFailed',
    call: (repository, session, options) =>
      repository.markJobAsFailed(session, GIVEN_JOB, 'too long', undefined, options),
  },
  {
    name: 'markJobsAsFailed',
    call: (repository, session, options) =>
      repository.markJobsAsFailed(session, [GIVEN_JOB], 'too long', undefined, options),
  },
  {
    name: 'releaseResourceForJob',
    call: (repository, session, options) => repository.releaseResourceForJob(session, FINISHED_JOB, options),
  },
  {
    name: 'releaseResourcesForJobs',
    call: (repository, session, options) => repository.releaseResourcesForJobs(session, [FINISHED_JOB], options),
  },
  {
    name: 'deleteJobsBatch',
    call: (repository, session, options) => repository.deleteJobsBatch(session, [FINISHED_JOB], options),
  },
];

export const OPERATIONS: readonly Operation[] = [...READS, ...WRITES];

/** Rows of which each write changes something: a job of the state that it works on, and its reservation. */
export const rowsFor = ({ name }: Operation) => {
  const running = /^(mark|cleanup)/.test(name);
  const job = { id: 1, state: running ? 'RUNNING' : 'COMPLETED', start_time: GIVEN_JOB.startTime };
  const status = name === 'deleteJobsBatch' ? 'RELEASED' : 'RESERVED';
  return {
    jobs: [job],
    allocations: [{ id: 1, job_id: 1, status, allocation_time: GIVEN_RESERVATION.allocationTime }],
  };
};
