export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'kernels',
        columns: {
          state: 'status',
          startTime: 'starts_at',
          endTime: 'terminated_at',
          errorMsg: 'status_info',
          exitCode: null,
        },
        states: {
          PENDING: 'PENDING',
          RUNNING: 'RUNNING',
          COMPLETED: 'TERMINATED',
          FAILED: 'ERROR',
          CANCELLED: 'CANCELLED',
        },
      },
      allocations: {
        table: 'resource_allocations',
        columns: {
          id: ['kernel_id', 'slot_name'],
          jobId: 'kernel_id',
          allocationTime: 'used_at',
          releasedTime: 'free_at',
        },
        statuses: { ALLOCATED: { when: { free_at: null } }, RELEASED: { when: { free_at: { isNot: null } } } },
      },
    },
  },
  strategies: {
    completed_job_cleanup: {
      // Lowers what the agent has in use by what has just been freed, with it or not at all.
      async within(
        /** @type {import('knex').Knex.Transaction} */ trx,
        /** @type {readonly { readonly id: string }[]} */ rows,
      ) {
        const keys = rows.map(({ id }) => JSON.parse(id));
        const freed = await trx('resource_allocations')
          .whereIn(['kernel_id', 'slot_name'], keys)
          .groupBy('slot_name')
          .select('slot_name')
          .sum('used as amount');
        for (const { slot_name, amount } of freed) {
          const used = trx.raw('greatest(used - ?, 0)', [amount]);
          await trx('agent_resources').where({ agent_id: 'agent-1', slot_name }).update({ used });
        }
      },
    },
  },
};
