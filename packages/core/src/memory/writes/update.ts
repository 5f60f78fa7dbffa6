import type { AllocationWithJob, Job, ResourceAllocation } from '../../model.js';
import type { Context } from '../context.js';
import type { MemorySession } from '../engine/session.js';
import { byId } from '../rows/ids.js';
import { toAllocation, toJob } from '../rows/to-port.js';

/** Fails RUNNING jobs that are locked: FAILED, endTime now, message and exit code. Returns them as they are now. */
export async function updateToFailed(
  session: MemorySession,
  context: Context,
  jobIds: ReadonlySet<string>,
  errorMsg: string,
  exitCode: string,
): Promise<Job[]> {
  const { rules, now } = context;
  const values = { state: 'FAILED', endTime: now(), errorMsg, exitCode };
  const rows = await session.update('jobs', (job) => jobIds.has(job.id) && rules.isRunning(job), values);
  return rows.map((row) => toJob(context, row));
}

/** Releases unreleased allocations that are locked: RELEASED, releasedTime now. Returns them as they are now. */
export async function updateToReleased(
  session: MemorySession,
  { rules, now }: Context,
  ids: ReadonlySet<string>,
): Promise<ResourceAllocation[]> {
  const values = { status: 'RELEASED', releasedTime: now() };
  const rows = await session.update('allocations', (row) => ids.has(row.id) && rules.isUnreleased(row), values);
  return rows.map((row) => toAllocation(row));
}

/** The given allocations, of those that were released, as they are now. */
export function withJobs(
  given: readonly AllocationWithJob[],
  released: readonly ResourceAllocation[],
  jobs: ReadonlyMap<string, Job>,
): AllocationWithJob[] {
  const now = byId(released);
  return given.flatMap(({ id, job }) => {
    const allocation = now.get(id);
    return allocation === undefined ? [] : [{ ...allocation, job: jobs.get(allocation.jobId) ?? job }];
  });
}
