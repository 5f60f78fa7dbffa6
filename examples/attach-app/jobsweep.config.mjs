const millis = (/** @type {string} */ column) => ({ column, codec: 'epochMillis', unset: [0] });

/** Runs and leases of one tenant of the renderer. */
export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${PG_URL}' },
  store: {
    schema: {
      jobs: {
        schema: 'render',
        table: 'runs',
        columns: {
          name: 'kind',
          state: 'phase',
          startTime: millis('begun_ms'),
          endTime: millis('ended_ms'),
          errorMsg: 'reason',
          // `exit` is a smallint, which cannot hold '-2:0'.
          exitCode: null,
        },
        // Both 2 and 3 are finished well.
        states: { PENDING: 0, RUNNING: 1, COMPLETED: [2, 3], FAILED: 4, CANCELLED: 5 },
      },
      allocations: {
        schema: 'render',
        table: 'leases',
        columns: {
          jobId: 'run',
          allocationTime: millis('since_ms'),
          releasedTime: millis('until_ms'),
        },
        statuses: { RESERVED: 10, ALLOCATED: 20, RELEASED: 30 },
      },
    },
    filters: {
      scope: { tenant: 7 },
      exclude: [{ kind: 'license' }, { pinned: true }],
      limitFor: { stuckHours: { feature: 7 * 24 } },
      retentionDays: { COMPLETED: 30, CANCELLED: 7, FAILED: 180 },
    },
    touch: { jobs: { now: [millis('changed_ms')], increment: ['revision'] } },
  },
  strategies: {
    old_job_cleanup: { enabled: true },
  },
};
