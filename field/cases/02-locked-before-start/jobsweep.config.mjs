const utc = (/** @type {string} */ column) => ({ column, codec: 'utcDateTime' });

export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'jms_jobs',
        columns: {
          name: 'command',
          startTime: utc('startedAt'),
          createdTime: utc('createdAt'),
          endTime: utc('closedAt'),
          errorMsg: 'errorOutput',
          exitCode: null,
        },
        states: {
          PENDING: ['new', 'pending'],
          RUNNING: 'running',
          COMPLETED: 'finished',
          FAILED: ['failed', 'terminated'],
          CANCELLED: 'canceled',
        },
      },
      allocations: null,
    },
  },
  strategies: {
    old_job_cleanup: { enabled: true },
    waiting_job_cleanup: { enabled: true, maxAgeDays: 7 },
  },
};
