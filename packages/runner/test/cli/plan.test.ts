import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep } from './support/command.js';
import { inMemory } from './support/configs.js';

const folder = (options?: Parameters<typeof inMemory>[0]) => aFolder({ 'jobsweep.config.mjs': inMemory(options) });

describe('jobsweep plan', () => {
  test('shows how many, of how many, the oldest, batches, and rows of each strategy', async () => {
    const { status, stdout, stderr } = await jobsweep(folder(), ['plan']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | ').replace(/> [\d.]+ m?s/, '> #'));
    expect(lines.slice(0, 5)).toEqual([
      'STRATEGY | DUE | OF | % | OLDEST | BATCHES | TIME | NOTE',
      'completed_job_cleanup | 1 | 2 | 50 | 2 h | 1 | > #',
      'stale_reservation_cleanup | 1 | 3 | 33 | 60 min | 1 | > #',
      'stuck_job_cleanup | 1 | 3 | 33 | 3 d | 1 | > # | 1 without a time, never due',
      'old_job_cleanup | 1 | 2 | 50 | 41.3 d | 1 | > # | off',
    ]);
    expect(stdout).toContain('stuck_job_cleanup\n  Stuck job 3 (crawl)\n');
    expect(stdout).toContain('Nothing was changed.');
  });

  test('gives the same to programs', async () => {
    const { stdout } = await jobsweep(folder({ old: 12 }), [
      'plan',
      'old_job_cleanup',
      '--at-most',
      '10',
      '--samples',
      '1',
      '--json',
    ]);
    expect(JSON.parse(stdout)).toEqual({
      plannedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      strategies: [
        {
          name: 'old_job_cleanup',
          description: 'Deletes finished jobs older than 30 days',
          isEnabled: false,
          mode: 'repair',
          pause: null,
          error: null,
          due: 10,
          isCapped: true,
          population: 10,
          isPopulationCapped: true,
          oldestAgeSeconds: expect.any(Number),
          isOldestCapped: false,
          undated: 0,
          isUndatedCapped: false,
          holding: 0,
          dependents: [],
          samples: [
            {
              id: '100',
              description: expect.stringContaining('Job 100 (old) FAILED at '),
              dueSince: expect.any(String),
            },
          ],
          batches: 1,
          expected: { seconds: expect.any(Number), basis: 'reading' },
          breaker: {
            ...{ isTripped: false, due: 12, isCapped: false, population: 13, isPopulationCapped: false, maxShare: 0.5 },
            figures: '12 of 13 finished jobs are due, and 50 % may be',
          },
        },
      ],
    });
  });

  test('marks every count that was cut', async () => {
    const { stdout } = await jobsweep(folder({ old: 12 }), ['plan', '--at-most', '2', '--samples', '0']);
    const line = (name: string) => new RegExp(`^${name} .*`, 'm').exec(stdout)?.[0].replaceAll(/ {2,}/g, ' | ');
    expect(line('completed_job_cleanup')).toMatch(/^completed_job_cleanup \| 1 \| 2\+ \| 2 h \|/);
    expect(line('old_job_cleanup')).toMatch(/^old_job_cleanup \| 2\+ \| 2\+ \| 41.3 d \| 1\+ \|/);
  });

  test('says what a breaker would stop, and that one of its own would not', async () => {
    const own = 'strategies: { old_job_cleanup: { breaker: { maxShare: 1 } } }';
    const [shared, lenient] = await Promise.all([
      jobsweep(folder({ old: 30 }), ['plan', 'old_job_cleanup']),
      jobsweep(folder({ old: 60, more: own }), ['plan', 'old_job_cleanup']),
    ]);
    expect(shared.stdout).toContain('off; breaker');
    expect(shared.stdout).toContain('Its breaker would stop it: 30 of 31 finished jobs are due, and 50 % may be.');
    expect(lenient.stdout).not.toContain('breaker');
  });

  test('goes by the rate of the last pass that did something', async () => {
    const pass = `{ config: 'main', strategy: 'old_job_cleanup', status: 'done', stopReason: 'drained', durationMs: 2000, blocked: [],
      error: null, host: 'h', holder: 'h', note: null, itemsCleaned: 100, itemsFound: 100, itemsContended: 0,
      itemsPassedOver: 0, itemsHolding: 0, itemsUnconfirmed: 0, itemsBlocked: 0, itemsUnknown: 0, batches: 1 }`;
    const wrap = `(await store.journal.append(${pass}), store)`;
    const { stdout } = await jobsweep(folder({ old: 50, wrap }), ['plan', 'old_job_cleanup', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ strategies: [{ expected: { seconds: 1, basis: 'history' } }] });
  });

  test('goes on where one strategy cannot be planned, and says so', async () => {
    const totals = `totals: (rule, how) => rule.name === 'stuck_job_cleanup'
      ? Promise.reject(new Error('no luck')) : store.inspect.totals(rule, how)`;
    const wrap = `{ ...store, inspect: { ...store.inspect, ${totals} } }`;
    const { status, stdout } = await jobsweep(folder({ wrap }), ['plan', '--json']);
    expect(status).toBe(1);
    const { strategies } = JSON.parse(stdout) as { strategies: { error: unknown; due: number }[] };
    expect(strategies.map(({ error, due }) => [error, due])).toEqual([
      [null, 1],
      [null, 1],
      [{ code: null, message: 'no luck', retry: 'never' }, 0],
      [null, 1],
      [null, 0],
      [null, 0],
    ]);
  });

  test('knows the strategies by name', async () => {
    const { status, stderr } = await jobsweep(folder(), ['plan', 'stuck_jobs_cleanup']);
    expect(status).toBe(2);
    expect(stderr).toBe("Error: There is no strategy 'stuck_jobs_cleanup' here: did you mean stuck_job_cleanup?\n");
  });
});

describe('jobsweep list', () => {
  test('shows schedules, and that nothing is known without the own tables', async () => {
    const more = `strategies: { old_job_cleanup: { enabled: true, cron: '0 3 * * *', timeZone: 'Europe/Berlin' } }`;
    const { status, stdout } = await jobsweep(folder({ initialized: false, more }), ['list']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^completed_job_cleanup +every 5 s$/m);
    expect(stdout).toMatch(/^stuck_job_cleanup +every 1 h$/m);
    expect(stdout).toMatch(/old_job_cleanup +0 3 \* \* \* Europe\/Berlin {2}in [\d.]+ (h|min|s)\n/);
    expect(stdout).toContain('Nothing is known of turns and repairs');
  });

  test('shows who has a turn, and when the next one is due', async () => {
    const wrap = `(await store.claims.acquire({ strategy: 'stuck_job_cleanup', holder: 'host-1:7', termSeconds: 60 }), store)`;
    const { stdout } = await jobsweep(folder({ wrap }), ['list', '--json']);
    const { isInitialized, strategies } = JSON.parse(stdout) as { isInitialized: boolean; strategies: object[] };
    expect(isInitialized).toBe(true);
    expect(strategies[0]).toMatchObject({
      name: 'completed_job_cleanup',
      claim: null,
      nextDueAt: null,
      lastRepair: null,
    });
    expect(strategies[2]).toMatchObject({
      name: 'stuck_job_cleanup',
      schedule: { intervalSeconds: 3600, cron: null, timeZone: null },
      claim: { holder: 'host-1:7', isLapsed: false },
      nextDueAt: expect.stringMatching(/Z$/),
    });
  });

  test('shows that a turn which was given back unfinished is due now, whatever the cron expression', async () => {
    const more = `strategies: { old_job_cleanup: { enabled: true, cron: '0 3 * * *' } }`;
    const turn = `store.claims.acquire({ strategy: 'old_job_cleanup', holder: 'host-1:7', termSeconds: 60 })`;
    const wrap = `(await store.claims.release((await ${turn}).claim, { empty: false, unfinished: true }), store)`;
    const { stdout } = await jobsweep(folder({ more, wrap }), ['list']);
    expect(stdout).toMatch(/old_job_cleanup +0 3 \* \* \* UTC {2}now\n/);
  });
});

describe('The name of a config', () => {
  test.each(['list', 'history'])('is told by %s where it is not the default', async (name) => {
    const [mail, main] = await Promise.all([
      jobsweep(folder({ more: "name: 'mail'" }), [name]),
      jobsweep(folder(), [name]),
    ]);
    expect(mail.stdout).toMatch(/^Config mail\n/);
    expect(main.stdout).not.toContain('Config');
    const { stdout } = await jobsweep(folder({ more: "name: 'mail'" }), [name, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ config: 'mail' });
  });
});

describe('jobsweep history', () => {
  test('is a failure without the own tables, with what to do', async () => {
    const { status, stdout, stderr } = await jobsweep(folder({ initialized: false }), ['history']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('NOT_INITIALIZED: There is no history');
    expect(stderr).toContain('jobsweep init --apply');
  });

  test('is empty before anything was done', async () => {
    const [forPeople, forPrograms] = await Promise.all([
      jobsweep(folder(), ['history']),
      jobsweep(folder(), ['history', '--json']),
    ]);
    expect(forPeople.stdout).toBe('No pass has done anything yet.\n');
    expect(JSON.parse(forPrograms.stdout)).toEqual({ config: 'main', passes: [] });
  });
});
