/** Runs of Airflow that people or datasets started, past their age, with their tasks. */
export default {
  name: 'runs',
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${PG_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'dag_run',
        columns: {
          // Tasks name their run by these, and not by its number.
          id: ['dag_id', 'run_id'],
          name: 'dag_id',
          startTime: 'start_date',
          endTime: 'end_date',
          errorMsg: null,
          exitCode: null,
        },
        states: {
          PENDING: 'queued',
          RUNNING: 'running',
          COMPLETED: 'success',
          // Only the scheduler knows when a run has failed.
          FAILED: { when: { state: 'failed' }, set: null },
        },
      },
      allocations: null,
      dependents: {
        delete: [
          {
            table: 'task_instance',
            id: ['dag_id', 'task_id', 'run_id', 'map_index'],
            key: ['dag_id', 'run_id'],
            dependents: [
              {
                table: 'xcom',
                id: ['dag_run_id', 'task_id', 'map_index', 'key'],
                key: ['dag_id', 'task_id', 'run_id', 'map_index'],
              },
            ],
          },
        ],
        keep: [{ table: 'task_instance_note', key: ['dag_id', 'run_id'] }],
      },
    },
    filters: { scope: { run_type: ['manual', 'dataset_triggered'] } },
  },
  strategies: {
    old_job_cleanup: { enabled: true, maxAgeDays: 90 },
  },
};
