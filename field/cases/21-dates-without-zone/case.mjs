const HEALTHY = {
  select: `SELECT state, status FROM jobs JOIN leases ON leases."jobId" = jobs.id`,
  rows: ['RUNNING RESERVED'],
};

/** @type {import('../../src/case.js').Case} */
export default {
  title: "TypeORM's own default for a Date, on a host that is not at UTC",
  source: 'https://github.com/typeorm/typeorm/issues/838',
  databases: ['postgres'],
  story: `A column of type Date is a timestamp without zone there, and pg writes the digits of the process's zone into it. Times were
    off by hours: due jobs were skipped for two of them, and elsewhere healthy ones were taken for old. A reservation of one
    minute must not be stale, on any host; or else the mapping has to be refused, with what to write instead.`,
  steps: [
    {
      jobsweep: 'run',
      env: { TZ: 'America/New_York' },
      exits: 2,
      says: [{ line: /INVALID_SCHEMA.*startTime/, right: 'the mapping is refused in New York' }],
    },
    { ...HEALTHY, right: 'the healthy job stays' },
    {
      sql: `UPDATE jobs SET "startTime" = now() AT TIME ZONE 'Europe/Warsaw' - interval '1 minute';
        UPDATE leases SET "allocationTime" = now() AT TIME ZONE 'Europe/Warsaw' - interval '1 minute'`,
    },
    {
      jobsweep: 'run',
      env: { TZ: 'Europe/Warsaw' },
      exits: 2,
      says: [{ line: /INVALID_SCHEMA.*startTime/, right: 'the mapping is refused in Warsaw' }],
    },
    { ...HEALTHY, right: 'the healthy job stays there too' },
  ],
};
