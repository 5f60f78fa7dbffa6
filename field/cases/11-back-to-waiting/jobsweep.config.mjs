const millis = (/** @type {string} */ column) => ({ column, codec: 'epochMillis', unset: [0] });
const key = ['SCHED_NAME', 'TRIGGER_NAME', 'TRIGGER_GROUP'];

export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'QRTZ_TRIGGERS',
        columns: {
          id: key,
          name: 'JOB_NAME',
          state: 'TRIGGER_STATE',
          startTime: millis('NEXT_FIRE_TIME'),
          endTime: millis('END_TIME'),
          errorMsg: null,
          exitCode: null,
        },
        states: {
          PENDING: { when: { TRIGGER_STATE: 'WAITING' }, set: { TRIGGER_STATE: 'WAITING' } },
          RUNNING: ['ACQUIRED', 'BLOCKED'],
          FAILED: 'ERROR',
        },
      },
      allocations: null,
    },
    // A trigger whose job runs has a row there.
    filters: { exclude: { exists: { table: 'QRTZ_FIRED_TRIGGERS', key } } },
  },
  strategies: {
    stuck_job_cleanup: {
      maxAgeHours: 24,
      requeue: { state: 'PENDING' },
    },
  },
};
