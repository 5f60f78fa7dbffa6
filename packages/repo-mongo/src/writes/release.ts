import {
  type AllocationWithJob,
  FINISHED_JOB_STATES,
  type Job,
  type ResourceAllocation,
  UNRELEASED_RESOURCE_STATUSES,
} from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { ownAllocations } from '../reads/allocation-rows.js';
import { all, isAnyOf } from '../reads/conditions.js';
import { jobFilters } from '../reads/filters.js';
import { type AllocationRow, sameAllocation } from '../rows/allocation-row.js';
import { isFinished, type JobRow, sameRun } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import {
  allocationRef,
  allocationsOfJobs,
  type Current,
  currentAllocations,
  currentJobs,
  jobRef,
  jobRefOf,
} from './current.js';
import { fence, updateToReleased } from './update.js';
import { withJobs } from './with-jobs.js';

/** Releases the given allocations whose job is finished, still in the run they were read in. */
export async function releaseOfFinished(
  session: OpenSession,
  mapping: Mapping,
  allocations: readonly AllocationWithJob[],
): Promise<AllocationWithJob[]> {
  const jobs = await currentJobs(session, mapping, allocations.map(jobRefOf));
  const current = await currentAllocations(session, mapping, allocations.map(allocationRef));
  const due = allocations.flatMap((allocation) => {
    if (!isFinishedRun(mapping, allocation.job, jobs.of(jobRefOf(allocation)))) return [];
    const now = current.of(allocationRef(allocation));
    return now !== undefined && sameAllocation(mapping, allocation, now) ? [{ given: allocation, row: now }] : [];
  });
  const released = await release(
    session,
    mapping,
    jobs,
    due.map(({ row }) => row),
  );
  return withJobs(mapping.bson, due, released, ({ given }) => given.job);
}

/** Releases all that the given jobs hold, where the job is finished and has not started again since it was read. */
export async function releaseOfJobs(
  session: OpenSession,
  mapping: Mapping,
  jobs: readonly Job[],
): Promise<ResourceAllocation[]> {
  const { fields, statuses } = allocationsOf(mapping);
  const current = await currentJobs(session, mapping, jobs.map(jobRef));
  const finished = jobs.flatMap((job) => {
    const now = current.of(jobRef(job));
    return now !== undefined && isFinishedRun(mapping, job, now) ? [now] : [];
  });
  const unreleased = all(
    isAnyOf(fields.status, statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES)),
    ownAllocations(mapping),
  );
  return release(session, mapping, current, await allocationsOfJobs(session, mapping, finished, unreleased));
}

/** Releases allocations of finished jobs, and fences these: they must be finished until the transaction ends. */
async function release(
  session: OpenSession,
  mapping: Mapping,
  jobs: Current<JobRow>,
  due: readonly AllocationRow[],
): Promise<ResourceAllocation[]> {
  const { fields, states } = mapping.jobs;
  const reliedOn = new Set(due.flatMap(({ ajob }) => jobs.withId(ajob) ?? []));
  const finished = isAnyOf(fields.state, states.rawOf(...FINISHED_JOB_STATES));
  await fence(session, mapping, [...reliedOn], all(finished, jobFilters(mapping)));
  return updateToReleased(session, mapping, due);
}

function isFinishedRun(mapping: Mapping, given: Job, now: JobRow | undefined): boolean {
  return now !== undefined && isFinished(mapping, now) && sameRun(mapping, given, now);
}
