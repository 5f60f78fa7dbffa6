import type { Texts } from './texts.js';

/** The English preset, the default. */
export const en: Texts = {
  descriptions: {
    completed_job_cleanup: 'Releases resources still held by finished jobs',
    stale_reservation_cleanup: 'Clears reservations older than {maxAgeMinutes} minutes',
    stuck_job_cleanup: 'Fails jobs that have run for more than {maxAgeHours} hours',
    old_job_cleanup: 'Deletes finished jobs older than {maxAgeDays} days',
    orphaned_allocation_cleanup: 'Releases allocations whose job no longer exists',
    waiting_job_cleanup: 'Fails jobs that have waited for more than {maxAgeDays} days',
  },
  purgeByNumber: 'Deletes finished jobs beyond the newest that are kept',
  staleReservationError: 'Job reservation timed out; the queue entry may have been lost or the worker never started',
  stuckJobError: 'Marked as failed by the cleanup script: exceeded the maximum run time',
  waitingJobError: 'Job waited longer than allowed and was never started',
  samples: {
    completed: ({ id, jobId, job }) => `Job ${jobId} is ${job.state} and still holds allocation ${id}`,
    stale: ({ jobId }, minutes) => `Job ${jobId}: reserved for ${minutes} min`,
    stuck: ({ id, name }) => `Stuck job ${id} (${name})`,
    old: ({ id, name, state, endTime }) =>
      `Job ${id} (${name}) ${state} at ${endTime?.toISOString() ?? 'an unset time'}`,
    orphaned: ({ id, jobId, status }) => `Allocation ${id} is ${status} for job ${jobId}, which does not exist`,
    waiting: ({ id, name }) => `Job ${id} (${name}) was never started`,
  },
};
