/** Jobs of Agenda that run once: lost ones that no process takes up again, and finished ones past their age. */
export default {
  adapter: '@jobsweep/repo-mongo',
  connection: { url: '${MONGO_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'agendaJobs',
        columns: { startTime: 'lastRunAt', endTime: 'lastFinishedAt', errorMsg: 'failReason', exitCode: null },
        states: {
          // What has a next run is Agenda's, locked or not: a job that repeats, or is tried again.
          PENDING: { when: [{ nextRunAt: { isNot: null } }, { lockedAt: null, lastFinishedAt: null }] },
          RUNNING: { when: { nextRunAt: null, lockedAt: { isNot: null } } },
          // Agenda counts failures since the last success.
          COMPLETED: {
            when: { nextRunAt: null, lockedAt: null, lastFinishedAt: { isNot: null }, failCount: [0, null] },
          },
          FAILED: {
            when: { nextRunAt: null, lockedAt: null, lastFinishedAt: { isNot: null }, failCount: { isNot: [0, null] } },
            set: { lockedAt: null, failCount: 1, failedAt: { now: true } },
          },
        },
      },
      allocations: null,
    },
    filters: {
      // Workers renew it with touch().
      ageColumn: 'lockedAt',
      exclude: [{ type: 'single' }, { disabled: true }],
    },
  },
  strategies: {
    // Above the longest lockLifetime.
    stuck_job_cleanup: { maxAgeHours: 24 },
    old_job_cleanup: { enabled: true, maxAgeDays: 30 },
  },
};
