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
          createdTime: 'createdAt',
          endTime: 'stoppedAt',
          errorMsg: null,
          exitCode: null,
        },
        // A sub-workflow that has begun is still "new".
        states: {
          PENDING: { when: { status: 'new', startedAt: null } },
          RUNNING: { when: [{ status: 'running' }, { status: 'new', startedAt: { isNot: null } }] },
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
    waiting_job_cleanup: { enabled: true, maxAgeDays: 7 },
  },
};
