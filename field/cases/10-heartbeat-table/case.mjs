const STATE = (/** @type {number} */ id) => `SELECT state FROM trials WHERE trial_id = ${id}`;

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'The heartbeat is in a table of its own',
  source: 'https://github.com/optuna/optuna/issues/4234',
  databases: ['mysql', 'mariadb'],
  story: `On clusters, workers that are killed leave trials RUNNING. The sign of life of a trial is a row of another table. Trials
    that run for long are healthy, so the start says nothing. Trial 1, last heard of three hours ago, has to fail; trial 2,
    which began at the same time and was heard of ten seconds ago, has to stay.`,
  steps: [
    { jobsweep: 'run stuck_job_cleanup' },
    { select: STATE(1), rows: ['FAIL'], right: 'the trial that fell silent fails' },
    {
      select: STATE(2),
      rows: ['RUNNING'],
      right: 'the trial that is alive stays',
    },
  ],
};
