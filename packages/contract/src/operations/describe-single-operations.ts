import type { ClusterUnderTest } from '../support/under-test.js';
import { describeCleanupStaleReservation } from './cleanup-stale-reservation.js';
import { describeCountCompletedJobsWithUnreleasedResources } from './count-completed-jobs-with-unreleased-resources.js';
import { describeCountStaleReservations } from './count-stale-reservations.js';
import { describeDeleteJobsBatch } from './delete-jobs-batch.js';
import { describeGetCompletedJobsWithUnreleasedResources } from './get-completed-jobs-with-unreleased-resources.js';
import { describeGetOldJobs } from './get-old-jobs.js';
import { describeGetStaleReservations } from './get-stale-reservations.js';
import { describeGetStuckJobs } from './get-stuck-jobs.js';
import { describeMarkJobAsFailed } from './mark-job-as-failed.js';
import { describeReleaseResourceForJob } from './release-resource-for-job.js';
import { describeReleaseResourcesForCompletedJobs } from './release-resources-for-completed-jobs.js';

/** Describes each operation by itself: what it finds, changes and returns, and what it leaves alone. */
export function describeSingleOperations<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  describeCleanupStaleReservation(cluster);
  describeCountCompletedJobsWithUnreleasedResources(cluster);
  describeCountStaleReservations(cluster);
  describeDeleteJobsBatch(cluster);
  describeGetCompletedJobsWithUnreleasedResources(cluster);
  describeGetOldJobs(cluster);
  describeGetStaleReservations(cluster);
  describeGetStuckJobs(cluster);
  describeMarkJobAsFailed(cluster);
  describeReleaseResourceForJob(cluster);
  describeReleaseResourcesForCompletedJobs(cluster);
}
