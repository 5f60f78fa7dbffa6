export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'flow_run',
        columns: { state: 'state_type', errorMsg: 'message', exitCode: null },
        states: {
          PENDING: ['SCHEDULED', 'PENDING'],
          RUNNING: 'RUNNING',
          COMPLETED: 'COMPLETED',
          FAILED: ['CRASHED', 'FAILED'],
          CANCELLED: 'CANCELLED',
        },
      },
      allocations: {
        table: 'concurrency_slot',
        columns: { jobId: 'flow_run_id', allocationTime: 'taken_at', releasedTime: 'given_back_at' },
      },
    },
  },
  strategies: { stale_reservation_cleanup: { jobStates: ['RUNNING', 'PENDING'] } },
};
