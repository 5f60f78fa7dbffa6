import { type CleanupRepository, type Clock, presets } from '@jobsweep/core';
import { DAY, HOUR, MINUTE, nowOf, seconds } from './ages.js';
import type { PgTransaction } from './pg-transaction.js';
import { count, readAllocations, readJobs } from './reads.js';
import { completedWithUnreleased, oldJobs, staleReservations, stuckJobs } from './rules.js';
import { cleanStale } from './writes/clean-stale.js';
import { deleteFinished } from './writes/delete.js';
import { failRunning } from './writes/fail.js';
import { inChunks } from './writes/in-chunks.js';
import { releaseOfFinished, releaseOfJobs } from './writes/release.js';

/** The port. Single forms are the batch of one. */
export function pgRepository(clock: Clock | undefined): CleanupRepository<PgTransaction> {
  const now = () => nowOf(clock);
  const stale = (maxAgeMinutes: number) => staleReservations(now(), seconds({ maxAgeMinutes }, MINUTE));

  return {
    countCompletedJobsWithUnreleasedResources: (session, options) => count(session, completedWithUnreleased, options),

    getCompletedJobsWithUnreleasedResources: (session, options) =>
      readAllocations(session, completedWithUnreleased, options),

    async releaseResourcesForCompletedJobs(session, allocations, options) {
      const released = await inChunks(session, allocations, options, (rows) => releaseOfFinished(session, now(), rows));
      return released.length;
    },

    countStaleReservations: async (session, maxAgeMinutes, options) => count(session, stale(maxAgeMinutes), options),

    getStaleReservations: async (session, maxAgeMinutes, options) =>
      readAllocations(session, stale(maxAgeMinutes), options),

    async cleanupStaleReservation(session, allocation, errorMsg, options) {
      return (await this.cleanupStaleReservations(session, [allocation], errorMsg, options)).length > 0;
    },

    cleanupStaleReservations: (session, allocations, errorMsg = presets.en.staleReservationError, options) =>
      inChunks(session, allocations, options, (rows) => cleanStale(session, now(), rows, errorMsg)),

    getStuckJobs: async (session, maxAgeHours, options) =>
      readJobs(session, stuckJobs(now(), seconds({ maxAgeHours }, HOUR)), 'startTime', options),

    async markJobAsFailed(session, job, errorMsg, exitCode, options) {
      return (await this.markJobsAsFailed(session, [job], errorMsg, exitCode, options)).length > 0;
    },

    markJobsAsFailed: (session, jobs, errorMsg, exitCode = '-2:0', options) =>
      inChunks(session, jobs, options, (rows) => failRunning(session, now(), rows, errorMsg, exitCode)),

    async releaseResourceForJob(session, job, options) {
      return (await this.releaseResourcesForJobs(session, [job], options)).length > 0;
    },

    releaseResourcesForJobs: (session, jobs, options) =>
      inChunks(session, jobs, options, (rows) => releaseOfJobs(session, now(), rows)),

    getOldJobs: async (session, maxAgeDays, options) =>
      readJobs(session, oldJobs(now(), seconds({ maxAgeDays }, DAY)), 'endTime', options),

    async deleteJobsBatch(session, jobs, options) {
      const write = (rows: typeof jobs) => deleteFinished(session, rows, options?.signal);
      return (await inChunks(session, jobs, options, write)).length;
    },
  };
}
