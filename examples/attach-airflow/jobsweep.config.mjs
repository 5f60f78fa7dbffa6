/** Task instances of Airflow that no scheduler looks after any more. */
export default {
  name: 'tasks',
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${PG_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'task_instance',
        columns: {
          id: ['dag_id', 'task_id', 'run_id', 'map_index'],
          // So that a DAG may have a limit of its own.
          name: 'dag_id',
          startTime: 'start_date',
          endTime: 'end_date',
          errorMsg: null,
          exitCode: null,
        },
        states: {
          // The scheduler and triggers take these on.
          PENDING: [null, 'scheduled', 'queued', 'restarting', 'up_for_retry', 'up_for_reschedule', 'deferred'],
          RUNNING: 'running',
          COMPLETED: 'success',
          FAILED: ['failed', 'upstream_failed'],
          CANCELLED: ['skipped', 'removed'],
        },
      },
      allocations: null,
    },
    filters: { limitFor: { stuckHours: { backup: 120 } } },
    touch: { jobs: { now: ['updated_at'] } },
  },
  strategies: {
    // Above the longest task.
    stuck_job_cleanup: { maxAgeHours: 48 },
  },
};
