/** Jobs of Graphile Worker that failed for good, past their age. Locks are left to Graphile Worker. */
export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${PG_URL}' },
  store: {
    schema: {
      jobs: {
        schema: 'graphile_worker',
        table: '_private_jobs',
        // A failure moves run_at on to the next attempt, which after the last one never comes.
        columns: { name: 'task_id', startTime: 'locked_at', endTime: 'run_at', errorMsg: 'last_error', exitCode: null },
        states: {
          // PostgreSQL makes this column: not locked, and with an attempt left.
          PENDING: { when: { is_available: true } },
          RUNNING: { when: { locked_at: { isNot: null } } },
          // Only workers fail jobs.
          FAILED: { when: { is_available: false, locked_at: null }, set: null },
        },
      },
      allocations: null,
    },
  },
  strategies: {
    old_job_cleanup: { enabled: true, maxAgeDays: 30 },
  },
};
