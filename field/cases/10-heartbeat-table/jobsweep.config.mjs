export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'trials',
        columns: {
          id: 'trial_id',
          name: 'number',
          startTime: 'datetime_start',
          endTime: 'datetime_complete',
          errorMsg: null,
          exitCode: null,
        },
        states: { PENDING: 'WAITING', RUNNING: 'RUNNING', COMPLETED: ['COMPLETE', 'PRUNED'], FAILED: 'FAIL' },
      },
      allocations: null,
    },
    filters: { ageColumn: { table: 'trial_heartbeats', key: 'trial_id', column: 'heartbeat' } },
  },
  strategies: { stuck_job_cleanup: { maxAgeHours: 1 } },
};
