import { describe } from 'vitest';
import type { ContractSubject } from './cluster.js';
import { describeCleanupStaleReservation } from './operations/cleanup-stale-reservation.js';
import { describeCountCompletedJobsWithUnreleasedResources } from './operations/count-completed-jobs-with-unreleased-resources.js';
import { describeCountStaleReservations } from './operations/count-stale-reservations.js';
import { describeDeleteJobsBatch } from './operations/delete-jobs-batch.js';
import { describeGetCompletedJobsWithUnreleasedResources } from './operations/get-completed-jobs-with-unreleased-resources.js';
import { describeGetOldJobs } from './operations/get-old-jobs.js';
import { describeGetStaleReservations } from './operations/get-stale-reservations.js';
import { describeGetStuckJobs } from './operations/get-stuck-jobs.js';
import { describeMarkJobAsFailed } from './operations/mark-job-as-failed.js';
import { describeReleaseResourceForJob } from './operations/release-resource-for-job.js';
import { describeReleaseResourcesForCompletedJobs } from './operations/release-resources-for-completed-jobs.js';
import { describeChangedBetweenReadAndWrite } from './races/changed-between-read-and-write.js';
import { describeHeldByOthers } from './races/held-by-others.js';
import { describeOthersWait } from './races/others-wait.js';
import { describePartlyHeld } from './races/partly-held.js';
import { describeWorkerDuty } from './races/worker-duty.js';
import { describeRandomRaces } from './random/describe-random-races.js';
import { describeService } from './service/describe-service.js';
import { describeTotals } from './service/totals.js';
import { noteSubject } from './support/note-subject.js';
import { useCluster } from './support/under-test.js';
import { describeBounds } from './traits/bounds.js';
import { describeCapabilities } from './traits/capabilities.js';
import { describeEveryOperation } from './traits/every-operation.js';
import { describeFilters } from './traits/filters.js';
import { describeLayouts } from './traits/layouts.js';
import { describeSizes } from './traits/sizes.js';
import { describeTimes } from './traits/times.js';

/** Enough for every kind of race to happen many times, and over within seconds. */
const DEFAULT_INTERLEAVINGS = 1000;

/**
 * Describes all that an adapter owes to those who use it, on a database of its own. Call it in a test file of vitest.
 *
 * @example
 * describeCleanupStore({ name: 'my adapter on PostgreSQL', open: () => openMyCluster() });
 */
export function describeCleanupStore<Session extends object>(subject: ContractSubject<Session>): void {
  describe(subject.name, () => {
    const cluster = useCluster(subject);
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
    noteSubject(subject);
    describeCapabilities(cluster);
    describeChangedBetweenReadAndWrite(cluster);
    if (cluster.capabilities.transactions) {
      describeHeldByOthers(cluster);
      describeOthersWait(cluster);
      describePartlyHeld(cluster);
      describeRandomRaces(cluster, subject.interleavings ?? DEFAULT_INTERLEAVINGS);
    }
    describeWorkerDuty(cluster);
    describeEveryOperation(cluster);
    describeBounds(cluster);
    describeTimes(cluster);
    describeSizes(cluster);
    describeTotals(cluster);
    describeService(cluster, subject.isBrief ?? false);
    if (subject.isBrief) return;
    if (cluster.capabilities.filters) describeFilters(cluster);
    describeLayouts(subject);
  });
}
