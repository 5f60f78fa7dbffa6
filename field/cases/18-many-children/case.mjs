/** @type {import('../../src/case.js').Case} */
export default {
  title: 'Few parents, very many children',
  source: 'https://github.com/camunda/camunda/issues/63103',
  databases: ['postgres'],
  story: `Process instances have thousands of rows of history each. A limit of rows a cycle meant that a batch of instances was
    never finished: tens of millions of rows were deleted, hardly an instance, and the volume was full in six days. Here 400 jobs with 1000 released
    allocations each have to go, no transaction may delete a great many of them, and memory has to stay what the files for
    deployment ask for.`,
  steps: [
    { jobsweep: 'run old_job_cleanup --yes', maxMemoryMib: 256 },
    { select: 'SELECT count(*) FROM jobs', rows: ['600'], right: 'old jobs are gone, young ones stay' },
    { select: 'SELECT count(*) FROM resource_allocations', rows: ['0'], right: 'their allocations are gone' },
    {
      select:
        'SELECT max(rows) <= 10000 FROM (SELECT sum(rows) AS rows FROM deleted GROUP BY transaction) AS transactions',
      rows: ['true'],
      right: 'no transaction deletes more than ten thousand of them',
    },
  ],
};
