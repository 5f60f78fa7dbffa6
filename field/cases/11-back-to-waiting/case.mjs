/** @type {import('../../src/case.js').Case} */
export default {
  title: 'What hangs has to go back to the queue, not to fail',
  source: 'https://github.com/quartz-scheduler/quartz/issues/1516',
  databases: ['mysql', 'mariadb'],
  story: `Triggers of a clustered Quartz stayed ACQUIRED or BLOCKED, with a next fire time ten months ago and no row in the table
    of fired triggers. They never fired again, restarts did not help, and people set the state to WAITING by hand. every-30s and
    hourly have to become WAITING, and nothing else of them may change: an end would stop them for good. "long", whose job runs,
    and "ok" have to stay.`,
  steps: [
    {
      jobsweep: 'plan stuck_job_cleanup',
      says: [
        { line: /stuck_job_cleanup +2 /, right: 'two triggers are found' },
        { line: /every-30s.*\(poll\)/, right: 'every-30s is found' },
        { line: /hourly.*\(report\)/, right: 'hourly is found' },
      ],
    },
    { jobsweep: 'run stuck_job_cleanup' },
    {
      select: 'SELECT TRIGGER_NAME, TRIGGER_STATE, END_TIME FROM QRTZ_TRIGGERS ORDER BY 1',
      rows: ['every-30s WAITING 0', 'hourly WAITING 0', 'long BLOCKED 0', 'ok WAITING 0'],
      right: 'they wait for their next turn again, and others are as they were',
    },
  ],
};
