import config from './jobsweep.config.mjs';

const { jobs } = config.store.schema;

/** The same queue in the table that pg-boss moves finished jobs to: each final state is kept for a time of its own. */
export default {
  ...config,
  store: {
    schema: { jobs: { ...jobs, table: 'archive' }, allocations: null },
    filters: { ...config.store.filters, retentionDays: { COMPLETED: 7, CANCELLED: 7, FAILED: 90 } },
  },
  strategies: {
    stuck_job_cleanup: { enabled: false },
    old_job_cleanup: { enabled: true },
  },
};
