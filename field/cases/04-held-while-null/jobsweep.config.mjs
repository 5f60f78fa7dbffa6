export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'kernels',
        columns: {
          state: 'status',
          startTime: 'starts_at',
          endTime: 'terminated_at',
          errorMsg: 'status_info',
          exitCode: null,
        },
        states: {
          PENDING: 'PENDING',
          RUNNING: 'RUNNING',
          COMPLETED: 'TERMINATED',
          FAILED: 'ERROR',
          CANCELLED: 'CANCELLED',
        },
      },
      allocations: {
        table: 'resource_allocations',
        columns: {
          id: ['kernel_id', 'slot_name'],
          jobId: 'kernel_id',
          allocationTime: 'used_at',
          releasedTime: 'free_at',
        },
        statuses: { ALLOCATED: { when: { free_at: null } }, RELEASED: { when: { free_at: { isNot: null } } } },
      },
    },
  },
  // To come: a function that lowers the counters of the agent in the transaction of the release.
  // strategies: { completed_job_cleanup: { within: (session, rows) => ... } },
};
