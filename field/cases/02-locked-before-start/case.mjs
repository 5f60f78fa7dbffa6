const COUNT = (/** @type {string} */ state) => `SELECT count(*) FROM jms_jobs WHERE state = '${state}'`;

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'Jobs that a dead worker had locked before they began, beside 1.8 million finished ones',
  source: 'https://github.com/schmittjoh/JMSJobQueueBundle/issues/258',
  databases: ['postgres', 'mariadb'],
  story: `The 8 pending jobs have the name of a worker, and no start: it died a month ago, and nobody takes them again. Nothing
    purges what is finished, and retries have a foreign key to the job that they retry, in the same table. Finished jobs past 30
    days have to go, retries and originals alike, without a refused row; young and running ones have to stay; "incomplete",
    which nobody mapped, has to be reported; and the 8 have to be found.`,
  steps: [
    {
      jobsweep: 'doctor',
      exits: 1,
      says: [{ line: /incomplete/, right: 'the state that nobody mapped is reported' }],
    },
    { jobsweep: 'run --yes' },
    { select: COUNT('finished'), rows: ['14395'], right: 'finished jobs past 30 days are gone, retries too' },
    { select: `${COUNT('failed')} AND command = 'app:work'`, rows: ['0'], right: 'the originals of retries are gone' },
    { select: COUNT('canceled'), rows: ['0'], right: 'cancelled jobs past 30 days are gone' },
    { select: COUNT('running'), rows: ['18'], right: 'running jobs stay' },
    { select: COUNT('incomplete'), rows: ['7'], right: 'what nobody mapped stays' },
    { select: COUNT('pending'), rows: ['0'], right: 'jobs that were locked and never began wait no more' },
    { select: `${COUNT('failed')} AND command = 'app:mail'`, rows: ['8'], right: 'they have failed' },
  ],
};
