-- completed_job_cleanup: the few allocations that are not released, in the order its pages follow.
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobsweep_allocations_unreleased ON resource_allocations (id) WHERE status IN ('RESERVED', 'ALLOCATED');

-- stale_reservation_cleanup: reservations, oldest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobsweep_allocations_reserved ON resource_allocations (allocation_time, id) WHERE status = 'RESERVED';

-- stuck_job_cleanup: running jobs, oldest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobsweep_jobs_running ON jobs (start_time, id) WHERE state = 'RUNNING';

-- old_job_cleanup: finished jobs, oldest first. Leave it out while that strategy is off.
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobsweep_jobs_finished ON jobs (end_time, id) WHERE state IN ('COMPLETED', 'FAILED', 'CANCELLED');

-- Every write, and the foreign key when jobs are deleted: the allocations of a job.
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobsweep_allocations_job ON resource_allocations (job_id);
