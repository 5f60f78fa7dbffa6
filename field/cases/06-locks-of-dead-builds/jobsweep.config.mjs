export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'builds',
        columns: {
          name: 'job',
          state: 'result',
          startTime: 'began',
          endTime: 'ended',
          errorMsg: 'note',
          exitCode: null,
        },
        states: { RUNNING: 'BUILDING', COMPLETED: 'SUCCESS', FAILED: ['FAILURE', 'UNSTABLE'], CANCELLED: 'ABORTED' },
      },
      allocations: {
        table: 'locks',
        columns: { jobId: 'build_id', allocationTime: 'since', releasedTime: 'until_at' },
        statuses: { ALLOCATED: 'LOCKED', RELEASED: 'FREE' },
      },
    },
  },
  strategies: { orphaned_allocation_cleanup: { enabled: true } },
};
