const instant = (/** @type {string} */ column) => ({ column, codec: 'instant' });

export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: { columns: { startTime: instant('start_time'), endTime: instant('end_time') } },
      allocations: { columns: { allocationTime: instant('allocation_time'), releasedTime: instant('released_time') } },
    },
  },
};
