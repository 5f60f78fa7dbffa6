/** @type {import('../../src/case.js').Case} */
export default {
  title: 'A lock of a finished build, and one of a build that was deleted',
  source: 'https://github.com/jenkinsci/lockable-resources-plugin/issues/137',
  databases: ['mysql', 'mariadb'],
  story: `Builds lock resources. When the controller crashes, the build ends and the lock stays; when somebody deletes a build, its
    lock names nobody. Pipelines waited for ever, and people cleared locks by hand. repo-master and board-7 have to become free,
    board-9, which is in use, has to stay, and board-8, free already, is nothing to report.`,
  steps: [
    {
      jobsweep: 'doctor',
      exits: 1,
      says: [{ line: /orphans +1 /, right: 'one lock without a build is reported, and not the free one' }],
    },
    { jobsweep: 'run' },
    {
      select: 'SELECT resource, status FROM locks ORDER BY id',
      rows: ['my/private/repo-master FREE', 'board-7 FREE', 'board-8 FREE', 'board-9 LOCKED'],
      right: 'the locks of the ended and of the deleted build are free, the one in use stays',
    },
    {
      select: 'SELECT resource FROM locks WHERE until_at IS NULL ORDER BY id',
      rows: ['board-8', 'board-9'],
      right: 'nothing is written to the lock that was free',
    },
  ],
};
