import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep } from './support/command.js';

/** The lines that `list` complains with about a config. */
async function mistakesOf(config: object, env: NodeJS.ProcessEnv = { PG_URL: 'postgres://localhost/x' }) {
  const { status, stdout, stderr } = await jobsweep(aFolder({ 'jobsweep.config.json': config }), ['list'], env);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  return stderr.trim().split('\n');
}

const VARIABLE = `$\{PG_URL}`;
const FINE = { adapter: '@jobsweep/repo-knex', connection: { url: VARIABLE } };

describe('A config file with mistakes', () => {
  test('hears of all of them at once, each with its path, its value and what to write', async () => {
    expect(
      await mistakesOf({
        ...FINE,
        strategies: {
          stuck_job_cleanup: { maxAgeHours: -4, interval: 60, timeZone: 'Europe/Nowhere' },
          old_job_cleanup: { maxAgeDays: '30', breaker: { maxShare: 2 } },
        },
        runner: { batchRows: 9000 },
        log: { level: 'warning' },
      }),
    ).toEqual([
      'INVALID_CONFIG: jobsweep.config.json cannot be used:',
      '- strategies.stuck_job_cleanup.maxAgeHours is -4: give a number of hours above 0 and at most 1000000.',
      '- strategies.stuck_job_cleanup.interval is not known: did you mean intervalSeconds?',
      '- strategies.old_job_cleanup.breaker.maxShare is 2: give a number from 0 to 1.',
      "- strategies.old_job_cleanup.maxAgeDays is '30': give a number of days above 0 and at most 1000000, such as 30.",
      '- runner.batchRows is 9000: give a whole number from 1 to 5000.',
      "- log.level is 'warning': use one of debug, info, warn, error; did you mean warn?",
      '- strategies.stuck_job_cleanup.timeZone stands without cron: give a cron expression, or drop it.',
      "- strategies.stuck_job_cleanup.timeZone is 'Europe/Nowhere': give the name of a time zone, such as 'Europe/Berlin'.",
    ]);
  });

  test.each([
    ['a word that is nearly right', { conection: {} }, 'conection is not known: did you mean connection?'],
    [
      'a strategy',
      { strategies: { stuck_jobs: {} } },
      'strategies.stuck_jobs is not known: did you mean stuck_job_cleanup?',
    ],
    [
      'a hook, which JSON cannot have',
      { strategies: { stuck_job_cleanup: { confirm: 'kill' } } },
      "strategies.stuck_job_cleanup.confirm is 'kill': give a function; JSON has none, so write the config as .ts or .mjs.",
    ],
    [
      'a probe',
      { runner: { pacing: { probe: { query: '', above: '10' } } } },
      "runner.pacing.probe.above is '10': give the number above which passes wait.",
    ],
    [
      'a limit in another unit',
      { strategies: { stuck_job_cleanup: { maxAgeMinutes: 90 } } },
      'maxAgeMinutes is not known: did you mean maxAgeHours?',
    ],
    [
      'a duration as text',
      { strategies: { stuck_job_cleanup: { intervalSeconds: '5m' } } },
      "intervalSeconds is '5m': give a number of seconds above 0 and at most 1000000, such as 300.",
    ],
    [
      'a beat that is too fast',
      { http: { backlogSeconds: 1 } },
      'http.backlogSeconds is 1: give a number from 5 to 86400, or 0 for never.',
    ],
    [
      'an option of the store',
      { store: { statementTimeout: 3 } },
      'store.statementTimeout is not known: did you mean statementTimeoutSeconds?',
    ],
    [
      'a column',
      { store: { schema: { jobs: { columns: { started: 'x' } } } } },
      'store.schema.jobs.columns.started is not known',
    ],
    [
      'a codec',
      { store: { schema: { jobs: { columns: { startTime: { column: 'x', codec: 'epochSecond' } } } } } },
      'did you mean epochSeconds?',
    ],
    [
      'a word of one of several ends',
      { store: { schema: { jobs: { columns: { endTime: ['done_at', { colum: 'failed_at' }] } } } } },
      'store.schema.jobs.columns.endTime[1].colum is not known: did you mean column?',
    ],
    [
      'a sign of life in another table',
      { store: { filters: { ageColumn: { table: 'beats', keys: 'job_id', column: 'at' } } } },
      'store.filters.ageColumn.keys is not known: did you mean key?',
    ],
    [
      'limits by a column',
      { store: { filters: { limitFor: [{ column: 'queue', oldDay: { mail: 7 } }] } } },
      'store.filters.limitFor[0].oldDay is not known: did you mean oldDays?',
    ],
    [
      'a purge without a limit',
      { strategies: { old_job_cleanup: { maxAgeDays: null } } },
      'give a number of days, or say in filters.keepNewest how many jobs stay',
    ],
    [
      'how many of the newest are kept',
      { store: { filters: { keepNewest: { count: 0, pre: 'name' } } } },
      'store.filters.keepNewest.pre is not known: did you mean per?',
    ],
    [
      'of which the newest are kept',
      { store: { filters: { keepNewest: { count: 5, per: { colum: 'queue' } } } } },
      'store.filters.keepNewest.per.colum is not known: did you mean column?',
    ],
    [
      'a look at signs of life where there are none',
      { strategies: { stuck_job_cleanup: { silentMinutes: 5 } } },
      'strategies.stuck_job_cleanup.silentMinutes stands without a sign of life: name one in store.filters.ageColumn, or drop it.',
    ],
    [
      'a zone of local times',
      {
        store: {
          schema: { jobs: { columns: { startTime: { column: 'x', codec: 'localDateTime', timezone: 'UTC' } } } },
        },
      },
      'columns.startTime.timezone is not known: did you mean timeZone?',
    ],
    [
      'local times without their zone',
      { store: { schema: { jobs: { columns: { startTime: { column: 'x', codec: 'localDateTime' } } } } } },
      "store.schema does not fit: schema.jobs.columns.startTime.codec is 'localDateTime': Give schema.jobs.columns.startTime.timeZone as well",
    ],
    [
      'what a message is',
      { store: { schema: { jobs: { columns: { errorMsg: { column: 'x', jsn: 1 } } } } } },
      'store.schema.jobs.columns.errorMsg.jsn is not known: did you mean json?',
    ],
    [
      'what an end is',
      { store: { schema: { jobs: { endedAs: 'lastsign' } } } },
      "endedAs is 'lastsign': use one of now, lastSign; did you mean lastSign?",
    ],
    [
      'a word of a dependent',
      { store: { schema: { dependents: { delete: [{ table: 'logs', kee: 'job_id' }] } } } },
      'store.schema.dependents.delete[0].kee is not known: did you mean key?',
    ],
    [
      'a dependent of a dependent',
      {
        store: { schema: { dependents: { delete: [{ table: 'logs', key: 'job_id', dependents: [{ tabel: 'x' }] }] } } },
      },
      'store.schema.dependents.delete[0].dependents[0].tabel is not known: did you mean table?',
    ],
    [
      'a mapping that contradicts itself',
      { store: { schema: { jobs: { states: { RUNNING: 1, FAILED: 1, COMPLETED: 2 } } } } },
      'store.schema does not fit: ',
    ],
    [
      'two schedules',
      { strategies: { stuck_job_cleanup: { intervalSeconds: 5, cron: '* * * * *' } } },
      'strategies.stuck_job_cleanup.cron stands beside intervalSeconds: keep one of them.',
    ],
    [
      'a cron expression',
      { strategies: { stuck_job_cleanup: { cron: '61 * * * *' } } },
      "strategies.stuck_job_cleanup.cron is '61 * * * *': give a cron expression",
    ],
    [
      'an adapter that is not installed',
      { adapter: '@jobsweep/repo-kenx' },
      "adapter is '@jobsweep/repo-kenx', which is not installed there: did you mean @jobsweep/repo-knex?",
    ],
    ['a package that is none', { adapter: '@jobsweep/core' }, "adapter is '@jobsweep/core', which has no openStore"],
    ['open in JSON', { open: 'x' }, "open is 'x': give a function that returns { store, close }."],
  ])('says what is wrong with %s', async (_, part, expected) => {
    expect((await mistakesOf({ ...FINE, ...part })).join('\n')).toContain(expected);
  });

  test('names the variable that is not set, and where it is needed', async () => {
    expect(await mistakesOf(FINE, {})).toEqual([
      'INVALID_CONFIG: jobsweep.config.json cannot be used:',
      '- connection.url needs the environment variable PG_URL: set PG_URL.',
    ]);
  });

  test('says what is missing', async () => {
    expect(await mistakesOf({})).toEqual([
      'INVALID_CONFIG: jobsweep.config.json cannot be used:',
      "- adapter is missing: give the name of an adapter package, such as '@jobsweep/repo-knex', or open.",
      `- connection is missing: give it a url, such as '${VARIABLE}'.`,
    ]);
  });

  test('gives the same to programs, as JSON on standard error', async () => {
    const folder = aFolder({ 'jobsweep.config.json': { ...FINE, locale: 'cn' } });
    const { status, stdout, stderr } = await jobsweep(folder, ['plan', '--json'], { PG_URL: 'postgres://localhost/x' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'INVALID_CONFIG', problems: [{ path: 'locale', problem: "is 'cn'" }] },
    });
  });
});

describe('The config file', () => {
  test.each([
    ['is not there', {}, ['list'], 'make one with `jobsweep init`'],
    ['is named and not there', {}, ['list', '--config', 'my.json'], 'my.json cannot be used:\n- is not there'],
    ['is there twice', { 'jobsweep.config.json': '{}', 'jobsweep.config.mjs': '' }, ['list'], 'keep one of them'],
    ['is of another kind', { 'my.yaml': '' }, ['list', '-c', 'my.yaml'], "ends in '.yaml'"],
    ['throws', { 'jobsweep.config.mjs': 'throw new Error("no luck")' }, ['list'], 'cannot be read: no luck'],
  ])('is missed when it %s', async (_, files, args, expected) => {
    const { status, stderr } = await jobsweep(aFolder(files), args);
    expect(status).toBe(2);
    expect(stderr).toContain(expected);
  });

  test.each([
    ['jobsweep.config.json', '{ "connection": { "password": "hush-hush" x }'],
    ['jobsweep.config.json', '{ "password": hush-hush }'],
    ['jobsweep.config.mjs', 'export default { password: "hush-hush" ; }'],
    ['jobsweep.config.ts', 'export default { password: "hush-hush" ; }'],
  ])('is not quoted when it cannot be read (%s)', async (name, content) => {
    const { status, stderr } = await jobsweep(aFolder({ [name]: content }), ['list']);
    expect(status).toBe(2);
    expect(stderr).toContain(`${name} cannot be used:\n- cannot be read: `);
    expect(stderr).not.toContain('hush');
  });
});
