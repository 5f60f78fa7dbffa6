const OF = (/** @type {string} */ ids) =>
  `SELECT id, status, "stoppedAt" IS NOT NULL FROM execution_entity WHERE id IN (${ids}) ORDER BY 1`;

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'Executions that stay "new" or "running" after a crash, and retention that spares annotated ones',
  source: 'https://github.com/n8n-io/n8n/issues/7754',
  databases: ['postgres'],
  story: `n8n was killed: executions stayed "running", sub-workflows that had begun stayed "new", and nobody could stop or delete
    them. Others were queued for months. What people annotated hangs on an execution by a foreign key that cascades. 1 to 3 have
    to become crashed; 4, which sleeps, and 5, which is alive, stay; 6 goes; 7 stays, since a person annotated it; 8, which
    never began, is dealt with by its age.`,
  steps: [
    { jobsweep: 'run --yes' },
    {
      select: OF('1, 2, 3'),
      rows: ['1 crashed true', '2 crashed true', '3 crashed true'],
      right: '1 to 3 are crashed',
    },
    { select: OF('4, 5'), rows: ['4 waiting false', '5 running false'], right: 'what sleeps and what is alive stays' },
    { select: OF('6'), rows: [], right: 'what is past 14 days is gone' },
    { select: OF('7'), rows: ['7 success true'], right: 'what a person annotated stays' },
    { select: 'SELECT note FROM execution_annotations', rows: ['keep: incident'], right: 'so does the annotation' },
    {
      select: OF('8'),
      rows: ['8 crashed true'],
      right: 'what was queued half a year ago and never began is crashed',
    },
  ],
};
