/** @type {import('../../src/case.js').Case} */
export default {
  title: 'A million children of a thousand jobs',
  source: 'https://github.com/camunda/camunda/issues/63103',
  databases: ['postgres'],
  story: `Process instances have thousands of rows of history each. A limit of rows a cycle meant that a batch of instances was
    never finished: tens of millions of rows were deleted, hardly an instance, and the volume was full in six days. Here all children of
    1000 jobs are a million rows, as much as one page of jobs may have; the same has to hold.`,
  steps: [
    { jobsweep: 'run old_job_cleanup --yes', maxMemoryMib: 256 },
    { select: 'SELECT count(*) FROM jobs', rows: ['1500'], right: 'old jobs are gone, young ones stay' },
    { select: 'SELECT count(*) FROM resource_allocations', rows: ['0'], right: 'their allocations are gone' },
    {
      select:
        'SELECT max(rows) <= 10000 FROM (SELECT sum(rows) AS rows FROM deleted GROUP BY transaction) AS transactions',
      rows: ['true'],
      right: 'no transaction deletes more than ten thousand of them',
    },
  ],
};
