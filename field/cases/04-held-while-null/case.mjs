const HELD = `SELECT k.name, count(*) FROM kernels k JOIN resource_allocations a ON a.kernel_id = k.id
  WHERE a.free_at IS NULL GROUP BY 1`;

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'Allocations of cancelled kernels that nobody freed',
  source: 'https://github.com/lablup/backend.ai/issues/9964',
  databases: ['postgres'],
  story: `An allocation is known by its kernel and its slot, and is held while free_at is NULL; a counter beside it says what an
    agent has in use. Two of three ways to cancel forgot to set free_at: quotas counted ghosts, and agents looked full. The 6
    allocations of the two kernels that ended have to be freed, the 3 of the running one have to stay, the counters have to fall
    by what was freed, and a second run has to change nothing.`,
  steps: [
    { jobsweep: 'run' },
    { select: HELD, rows: ['infer 3'], right: 'what ended kernels held is free, what the running one holds is not' },
    {
      select: 'SELECT slot_name, used::int FROM agent_resources ORDER BY 1',
      rows: ['cpu 4', 'cuda.device 1', 'mem 16'],
      right: 'the counters of the agent fall with it',
    },
    { sql: 'CREATE TABLE freed AS SELECT kernel_id, slot_name, free_at FROM resource_allocations' },
    { jobsweep: 'run' },
    {
      select:
        'SELECT count(*) FROM (SELECT kernel_id, slot_name, free_at FROM resource_allocations EXCEPT TABLE freed) AS changed',
      rows: ['0'],
      right: 'a second run changes nothing',
    },
    {
      select: 'SELECT slot_name, used::int FROM agent_resources ORDER BY 1',
      rows: ['cpu 4', 'cuda.device 1', 'mem 16'],
      right: 'nor the counters',
    },
  ],
};
