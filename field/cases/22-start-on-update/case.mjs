/** @type {import('../../src/case.js').Case} */
export default {
  title: 'A start that changes with every update',
  source: 'https://github.com/kagkarlsson/db-scheduler/issues/258',
  databases: ['mysql', 'mariadb'],
  story: `MariaDB gives the first TIMESTAMP column of a table ON UPDATE CURRENT_TIMESTAMP unless told otherwise, as MySQL 5.7 did: the
    start of an execution moved whenever its row was changed, without a statement that named it. The job of three days fails,
    and its start and that of its allocation have to stay what they are.`,
  steps: [
    { jobsweep: 'run' },
    {
      select: 'SELECT state, timestampdiff(HOUR, start_time, end_time) FROM jobs',
      rows: ['FAILED 72'],
      right: 'the job fails, and has run for three days',
    },
    {
      select: 'SELECT status, timestampdiff(HOUR, allocation_time, released_time) FROM resource_allocations',
      rows: ['RELEASED 72'],
      right: 'what it held is released after three days',
    },
  ],
};
