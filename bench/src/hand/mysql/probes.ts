import { FINISHED, UNRELEASED } from '../words.js';

/** Whether there is something to do, for each strategy. */
export const PROBES = [
  `select 1 from resource_allocations a straight_join jobs j on j.id = a.job_id
     where a.status in ${UNRELEASED} and j.state in ${FINISHED} limit 1`,
  `select 1 from resource_allocations a straight_join jobs j on j.id = a.job_id where a.status = 'RESERVED'
     and a.allocation_time < utc_timestamp(6) - interval 10 minute and j.state = 'RUNNING' limit 1`,
  "select 1 from jobs where state = 'RUNNING' and start_time < utc_timestamp(6) - interval 48 hour limit 1",
  `select 1 from jobs where state in ${FINISHED} and end_time < utc_timestamp(6) - interval 30 day limit 1`,
];
