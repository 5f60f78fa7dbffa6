const JOBS = (/** @type {string} */ range) => `SELECT count(*) FROM jobs WHERE id ${range}`;
const pass = { jobsweep: 'run old_job_cleanup --yes' };

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'Jobs at the front that hold something, each time',
  source: 'https://github.com/directus/directus/issues/25163',
  databases: ['postgres'],
  story: `Retention that deletes a limited batch came upon the same rows each time. Here the oldest 120 jobs have an allocation of a
    status that nobody mapped, so that they can never be deleted. With 100 rows a pass, the 500 behind them have to go, and it
    has to be said what keeps the others, and how many they are.`,
  steps: [
    { ...pass, says: [{ line: /120 rows have 'LEAKED'/, right: 'the status that nobody mapped is reported' }] },
    pass,
    pass,
    pass,
    pass,
    { select: JOBS('BETWEEN 121 AND 620'), rows: ['0'], right: 'jobs behind them are gone after five passes' },
    { select: JOBS('<= 120'), rows: ['120'], right: 'jobs that hold something stay' },
    { select: JOBS('> 620'), rows: ['800'], right: 'young jobs stay' },
    { ...pass, exits: 1, says: [{ line: /120 still hold allocations/, right: 'it is said how many jobs stay' }] },
  ],
};
