import { FINISHED, UNRELEASED } from '../words.js';

/** Whether there is something to do, for each strategy. */
export const PROBES = [
  `select 1 from resource_allocations a where status in ${UNRELEASED}
     and exists (select 1 from jobs j where j.id = a.job_id and j.state in ${FINISHED}) limit 1`,
  `select 1 from resource_allocations a where status = 'RESERVED' and allocation_time < now() - interval '10 minutes'
     and exists (select 1 from jobs j where j.id = a.job_id and j.state = 'RUNNING') limit 1`,
  "select 1 from jobs where state = 'RUNNING' and start_time < now() - interval '48 hours' limit 1",
  `select 1 from jobs where state in ${FINISHED} and end_time < now() - interval '30 days' limit 1`,
];
