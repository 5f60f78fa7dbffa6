const JOBS = (/** @type {string} */ range) => `SELECT count(*) FROM jobs WHERE id ${range}`;

/** A pass that comes upon nothing but jobs that may go. */
const pass = { jobsweep: 'run old_job_cleanup --yes' };

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'The same rows at the front, each time',
  source: 'https://github.com/DIRACGrid/DIRAC/pull/7476',
  databases: ['postgres'],
  story: `A cleaning agent took the oldest jobs, which open requests kept from being deleted, again and again, and nothing behind
    them was ever deleted. With 100 rows a pass, the 500 jobs behind 120 that the database refuses have to go within some
    passes, and the 120 have to be reported.`,
  steps: [
    { jobsweep: 'init --yes --apply' },
    {
      ...pass,
      exits: 1,
      says: [{ line: /120 refused/, right: 'rows that the database refuses are reported' }],
    },
    pass,
    pass,
    pass,
    pass,
    { select: JOBS('BETWEEN 121 AND 620'), rows: ['0'], right: 'jobs behind them are gone after five passes' },
    { select: JOBS('<= 120'), rows: ['120'], right: 'jobs that open requests need stay' },
    { select: JOBS('> 620'), rows: ['800'], right: 'young jobs stay' },
  ],
};
