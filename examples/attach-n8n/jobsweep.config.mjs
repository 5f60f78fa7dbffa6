/** Executions of n8n that a crash left open, and finished ones past their age that nobody has annotated. */
export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${PG_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'execution_entity',
        columns: {
          name: 'workflowId',
          state: 'status',
          startTime: 'startedAt',
          endTime: 'stoppedAt',
          errorMsg: null,
          exitCode: null,
        },
        states: {
          // What waits for a time or an event may wait for months.
          PENDING: { when: [{ status: 'waiting' }, { status: 'new', startedAt: null }] },
          // A crash may leave an execution "new" that has begun.
          RUNNING: { when: [{ status: 'running' }, { status: 'new', startedAt: { isNot: null } }] },
          COMPLETED: 'success',
          FAILED: ['crashed', 'error'],
          CANCELLED: 'canceled',
        },
      },
      allocations: null,
      dependents: {
        delete: [
          { table: 'execution_data', id: 'executionId', key: 'executionId' },
          { table: 'execution_metadata', key: 'executionId' },
        ],
        keep: [{ table: 'execution_annotations', key: 'executionId' }],
      },
    },
    // n8n deletes for good what it has marked as deleted.
    filters: { scope: { deletedAt: null } },
  },
  strategies: {
    // Above the longest workflow.
    stuck_job_cleanup: { maxAgeHours: 24 },
    old_job_cleanup: { enabled: true, maxAgeDays: 14 },
  },
};
