/** One queue of pg-boss: jobs that have been active for far longer than pg-boss lets them be. */
export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${PG_URL}' },
  store: {
    schema: {
      jobs: {
        schema: 'pgboss',
        table: 'job',
        columns: {
          startTime: 'started_on',
          endTime: 'completed_on',
          // `output` is jsonb, which holds no plain text, and there is no exit code.
          errorMsg: null,
          exitCode: null,
        },
        states: {
          PENDING: ['created', 'retry'],
          RUNNING: 'active',
          COMPLETED: 'completed',
          FAILED: 'failed',
          CANCELLED: 'cancelled',
        },
      },
      allocations: null,
    },
    // The key of the table is (name, id): an id says which job is meant only within a queue.
    filters: { scope: { name: 'mail' } },
  },
  strategies: {
    // Above the longest expiry of the queue, which is an hour.
    stuck_job_cleanup: { maxAgeHours: 24 },
  },
};
