// A first purge, spread over many passes.
export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  strategies: { old_job_cleanup: { enabled: true } },
  runner: { maxRowsPerPass: 100 },
};
