export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'wp_actionscheduler_actions',
        columns: {
          id: 'action_id',
          name: 'hook',
          state: 'status',
          startTime: 'scheduled_date_gmt',
          endTime: 'last_attempt_gmt',
          errorMsg: null,
          exitCode: null,
        },
        states: {
          PENDING: 'pending',
          RUNNING: 'in-progress',
          COMPLETED: 'complete',
          FAILED: 'failed',
          CANCELLED: 'canceled',
        },
      },
      allocations: null,
      dependents: { delete: [{ table: 'wp_actionscheduler_logs', id: 'log_id', key: 'action_id' }] },
    },
  },
  strategies: { old_job_cleanup: { enabled: true } },
};
