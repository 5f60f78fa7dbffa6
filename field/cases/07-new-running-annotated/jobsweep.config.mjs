export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'execution_entity',
        columns: {
          name: 'workflowId',
          state: 'status',
          startTime: 'startedAt',
          endTime: 'stoppedAt',
          errorMsg: null,
          exitCode: null,
        },
        // A sub-workflow that has begun is still "new".
        states: {
          RUNNING: ['running', 'new'],
          COMPLETED: 'success',
          FAILED: ['crashed', 'error'],
          CANCELLED: 'canceled',
        },
      },
      allocations: null,
    },
    filters: { exclude: { exists: { table: 'execution_annotations', key: 'executionId' } } },
  },
  strategies: {
    stuck_job_cleanup: { maxAgeHours: 24 },
    old_job_cleanup: { enabled: true, maxAgeDays: 14 },
    // To come, with `createdTime: 'createdAt'` among the columns: executions that were queued and never began.
    // waiting_job_cleanup: { enabled: true, maxAgeDays: 7 },
  },
};
