const RUN = (/** @type {number} */ id) =>
  `SELECT f.state_type, f.end_time IS NOT NULL, s.status FROM flow_run f JOIN concurrency_slot s ON s.flow_run_id = f.id
   WHERE f.id = ${id}`;

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'A run that never got past PENDING holds its slot for ever',
  source: 'https://github.com/opsmill/infrahub/issues/9856',
  databases: ['postgres'],
  story: `A run of Prefect takes its slot when it becomes PENDING. A worker was killed between that and RUNNING, so the run has no
    start, and its slot stayed taken: each later run of the deployment waited or was cancelled. The run whose reservation is 20
    days old has to fail and give its slot back; the one that is being submitted and the one that runs have to stay.`,
  steps: [
    { jobsweep: 'run' },
    { select: RUN(1), rows: ['CRASHED true RELEASED'], right: 'the dead run fails, its slot is given back' },
    { select: RUN(2), rows: ['PENDING false RESERVED'], right: 'the run that is being submitted stays' },
    { select: RUN(3), rows: ['RUNNING false ALLOCATED'], right: 'the run that is alive stays' },
  ],
};
