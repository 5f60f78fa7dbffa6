import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep } from './support/command.js';
import { inMemory } from './support/configs.js';

const folder = (options?: Parameters<typeof inMemory>[0]) => aFolder({ 'jobsweep.config.mjs': inMemory(options) });
const PURGE = `strategies: { old_job_cleanup: { enabled: true, breaker: false } }`;

describe('jobsweep run', () => {
  test('repairs, and shows what became of each strategy', async () => {
    const { status, stdout, stderr } = await jobsweep(folder(), ['run']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replaceAll(/ +\d+ ms/g, '  # ms').split('\n')).toEqual([
      expect.stringMatching(/^STRATEGY +RESULT +REPAIRED +BATCHES +TIME +NOTE$/),
      expect.stringMatching(/^completed_job_cleanup +done +1 +1 {2}# ms$/),
      expect.stringMatching(/^stale_reservation_cleanup +done +1 +1 {2}# ms$/),
      expect.stringMatching(/^stuck_job_cleanup +done +1 +1 {2}# ms$/),
      expect.stringMatching(/^old_job_cleanup +disabled +off by default, runs when it is named$/),
      expect.stringMatching(/^orphaned_allocation_cleanup +disabled +off by default, runs when it is named$/),
      expect.stringMatching(/^waiting_job_cleanup +disabled +off by default, runs when it is named$/),
      '',
    ]);
  });

  test('leaves what a hook of the config does not confirm, and says how many', async () => {
    const more = 'strategies: { stuck_job_cleanup: { confirm: () => [] } }';
    const { status, stdout } = await jobsweep(folder({ more }), ['run', 'stuck_job_cleanup']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^stuck_job_cleanup +done +0 +0 .* 1 not confirmed$/m);
  });

  test('names every mistake of the mapping before anything else is asked', async () => {
    const findings = ['startTime', 'endTime'].map((column) => ({
      ...{ path: `schema.jobs.columns.${column}`, problem: 'There is no such column', fix: 'Name another one' },
    }));
    const config = inMemory({
      more: PURGE,
      wrap: `({ ...store, inspect: {
        ...store.inspect,
        schema: async () => ${JSON.stringify(findings)},
        totals: async () => { throw new Error('no such column'); },
      } })`,
    });
    const { status, stderr } = await jobsweep(aFolder({ 'jobsweep.config.mjs': config }), ['run']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^SCHEMA_MISMATCH: /);
    for (const { path } of findings) expect(stderr).toContain(path);
  });

  test('warns of what is no mistake of the mapping, in the log or without one, and goes on', async () => {
    const config = inMemory({
      wrap: `({ ...store, inspect: {
        ...store.inspect,
        schema: async () => [
          { severity: 'warning', path: 'schema.jobs.columns.endTime', problem: '3 lie ahead', fix: 'Set its codec' },
        ],
        diagnosis: { unknownStates: async () => [{ table: 'jobs', value: 'PAUSED', rows: 2 }] },
      } })`,
    });
    const told = [
      expect.stringMatching(/schema\.jobs\.columns\.endTime: 3 lie ahead\. Set its codec\.$/),
      expect.stringMatching(/schema\.jobs\.states: .*'?PAUSED/),
    ];
    const where = aFolder({ 'jobsweep.config.mjs': config });
    for (const how of [[], ['--verbose']]) {
      const { status, stderr } = await jobsweep(where, ['run', 'old_job_cleanup', ...how]);
      expect(status).toBe(0);
      const lines = stderr.split('\n').filter((line) => /PAUSED|lie ahead/.test(line));
      expect(lines).toEqual(told);
    }
    const { stderr } = await jobsweep(where, ['run', 'old_job_cleanup', '--json']);
    const warnings = stderr.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as object]));
    expect(warnings).toEqual(told.map((message) => ({ warning: { message } })));
  });

  test('gives its report to programs, and nothing else', async () => {
    const { stdout, stderr } = await jobsweep(folder(), ['run', 'stuck_job_cleanup', '--json', '--verbose']);
    expect(stderr).toMatch(/^\{"level":"warn",.*"msg":"\[stuck_job_cleanup\] Stuck job 3 \(crawl\)"\}\n$/);
    const report = JSON.parse(stdout) as { strategies: object[] };
    expect(report).toMatchObject({ dryRun: false, ok: true });
    expect(report.strategies[2]).toEqual({
      name: 'stuck_job_cleanup',
      status: 'done',
      reason: null,
      plan: null,
      isStuck: false,
      holding: null,
      pass: expect.objectContaining({ itemsCleaned: 1, stopReason: 'drained', blocked: [], error: null }),
    });
    expect(report.strategies[0]).toMatchObject({ status: 'filtered', pass: null });
  });

  test.each([
    ['by tag', ['run', '--tags', 'critical', '--json'], [1, 1, null, null, null, null]],
    ['by several tags', ['run', '--tags', 'critical,maintenance', '--json'], [1, 1, 1, null, null, null]],
    ['by name', ['run', 'completed_job_cleanup', 'old_job_cleanup', '--json'], [1, null, null, 1, null, null]],
    ['only some rows', ['run', 'old_job_cleanup', '--max-rows', '2', '--json'], [null, null, null, 2, null, null]],
  ])('takes strategies %s', async (_, args, cleaned) => {
    const { stdout } = await jobsweep(folder({ old: cleaned[3] === 2 ? 5 : 1 }), args);
    const { strategies } = JSON.parse(stdout) as { strategies: { pass: { itemsCleaned: number } | null }[] };
    expect(strategies.map(({ pass }) => pass?.itemsCleaned ?? null)).toEqual(cleaned);
  });

  test('changes nothing in a dry run', async () => {
    const { status, stdout } = await jobsweep(folder(), ['run', '--dry-run']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/stuck_job_cleanup +planned +1\n/);
    expect(stdout).toContain('A dry run: nothing was changed.');
  });

  test('refuses a name or tag that is not there', async () => {
    const [name, tag] = await Promise.all([
      jobsweep(folder(), ['run', 'old_jobs_cleanup']),
      jobsweep(folder(), ['run', '--tags', 'critcal']),
    ]);
    expect(name).toMatchObject({ status: 2, stdout: '' });
    expect(name.stderr).toContain('did you mean old_job_cleanup?');
    expect(tag).toMatchObject({ status: 2, stdout: '' });
    expect(tag.stderr).toContain("INVALID_OPTION: tags is 'critcal'");
  });

  test('ends with 1 where the database refused rows, and names them', async () => {
    const repository = `Object.assign(Object.create(store.repository), {
      markJobsAsFailed: () => Promise.reject(new JobsweepError('ROW_REJECTED', 'refused', { constraint: 'my_check' })) })`;
    const config = inMemory({ wrap: `{ ...store, repository: ${repository} }` });
    const imports = "import { JobsweepError } from '@jobsweep/core';\n";
    const { status, stdout } = await jobsweep(aFolder({ 'jobsweep.config.mjs': imports + config }), [
      'run',
      'stuck_job_cleanup',
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('blocked stuck_job_cleanup: 1 row refused by my_check (3): refused');
  });
});

/** Jobs to purge of which the first `holding` still hold an allocation that no strategy releases. */
const withHolders = (old: number, holding: number, more = PURGE) =>
  aFolder({
    'jobsweep.config.mjs': inMemory({ old, more }).replace(
      'allocations: [',
      `allocations: [ ...Array.from({ length: ${holding} }, (_, index) => (
        { id: String(9000 + index), jobId: String(100 + index), status: 'LEASED' })),`,
    ),
  });

describe('jobsweep run of jobs that cannot be deleted', () => {
  test('says that they still hold something, and ends with 1 while rows are due and nothing moves', async () => {
    const { status, stdout } = await jobsweep(withHolders(3, 3), ['run', 'old_job_cleanup']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/rows are due, and none could be changed; 3 still hold allocations or are kept\n/);
    expect(stdout).not.toContain('no longer due');
  });

  test('ends with 0 where others moved, and keeps a note in the history', async () => {
    const { status, stdout } = await jobsweep(withHolders(3, 2), ['run', 'old_job_cleanup', '--json', '--verbose']);
    expect(status).toBe(0);
    const { strategies } = JSON.parse(stdout) as { strategies: { isStuck: boolean; holding: number | null }[] };
    expect(strategies[3]).toMatchObject({ isStuck: false, holding: 2, pass: { itemsCleaned: 1, itemsFound: 1 } });
  });

  test('does not count them before it asks', async () => {
    const [few, many] = await Promise.all([
      jobsweep(withHolders(1200, 300), ['run', 'old_job_cleanup']),
      jobsweep(withHolders(1200, 100), ['run', 'old_job_cleanup']),
    ]);
    expect(few.status).toBe(0);
    expect(many.stderr).toContain('old_job_cleanup would delete 1100 jobs, which is more than 1000');
  });
});

describe('The breaker of jobsweep run', () => {
  test('stops a pass that is too large, which is a failure', async () => {
    const { status, stdout } = await jobsweep(folder({ old: 30 }), ['run', 'old_job_cleanup']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/old_job_cleanup +tripped .*30 of 31 finished jobs are due, and 50 % may be/);
    expect(stdout).toContain('`jobsweep approve STRATEGY` lets the next pass');
  });

  test('is overridden by a flag', async () => {
    const { status, stdout } = await jobsweep(folder({ old: 30 }), ['run', 'old_job_cleanup', '--override-breaker']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/old_job_cleanup +done +30 /);
  });
});

describe('jobsweep run without a terminal', () => {
  test('refuses to delete more than a thousand jobs unless it is told to, before it does anything', async () => {
    const { status, stdout, stderr } = await jobsweep(folder({ old: 1001, more: PURGE }), ['run']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('old_job_cleanup would delete 1001 jobs, which is more than 1000');
    expect(stderr).toContain('Nothing was done.');
  });

  test.each([
    ['with --yes', 1001, ['--yes'], PURGE],
    ['of a thousand', 1000, [], PURGE],
    ['with --max-rows', 1001, ['--max-rows', '500'], PURGE],
    ['with a limit of its own', 1001, [], `${PURGE}, runner: { confirmDeletesAbove: 5000 }`],
    ['by the other strategies', 1001, [], ''],
  ])('goes on %s', async (_, old, args, more) => {
    const { status } = await jobsweep(folder({ old, more }), ['run', ...args]);
    expect(status).toBe(0);
  });
});
