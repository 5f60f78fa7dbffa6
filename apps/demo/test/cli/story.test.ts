import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { serverUrl } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Demo, runDemo } from '../support/demo.js';
import { temporaryFolder } from '../support/files.js';
import { record, sampleLog } from '../support/logs.js';

// Each run of the command starts a database, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000 });

const folder = temporaryFolder();
const PG_URL = serverUrl('postgres');
const server = new pg.Client({ connectionString: PG_URL });

beforeAll(() => server.connect());
afterAll(() => server.end());

/** Runs the demo on the test server and reads what it wrote. */
async function runForJson(...args: readonly string[]) {
  const path = folder.path('result.json');
  const ended = await runDemo([...args, '--json', path], { PG_URL });
  return { ...ended, json: JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown> };
}

const demoDatabases = async (): Promise<string[]> => {
  const sql = `SELECT datname FROM pg_database WHERE datname LIKE 'jobsweep\\_demo\\_%'`;
  return (await server.query<{ datname: string }>(sql)).rows.map(({ datname }) => datname);
};

/** A log of sixty days with lines that must be skipped. */
const mixedLog = () =>
  folder.write(
    'mixed.swf',
    `${sampleLog(240, 21_600)}${['short line', record({ id: 1 }), record({ id: 900, run: -1 }), record({ id: 901, status: 2 })].join('\r\n')}\n`,
  );

/** A run that several tests look at. */
const runs = new Map<string, ReturnType<typeof runForJson>>();
function once(...args: readonly string[]): ReturnType<typeof runForJson> {
  const run = runs.get(args.join(' ')) ?? runForJson(...args);
  runs.set(args.join(' '), run);
  return run;
}

describe('a run', () => {
  test('repairs the default log, changes nothing else, and leaves no database behind', async () => {
    const { status, stdout, stderr, json } = await once();
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('NASA Ames Research Center, Intel iPSC/860; Oct 1993 to Dec 1993');
    expect(stdout).toContain('18,239 jobs imported');
    expect(stdout).toContain('✔ Nothing else changed: 37,158 rows');
    expect(json).toMatchObject({ imported: 18239, untouched: true });
    expect(await demoDatabases()).toEqual([]);
  });

  test('takes back what was done to stuck jobs, where that is asked for', async () => {
    const { status, stdout, json } = await runForJson('--rows', '500', '--undo');
    expect(status).toBe(0);
    const { before, after, undo } = json as Record<'before' | 'after' | 'undo', Record<string, number>>;
    expect(before.stuckJobs).toBeGreaterThan(0);
    expect(after.stuckJobs).toBe(0);
    expect(undo).toEqual({ rows: 2 * (before.stuckJobs ?? 0), left: 0, stuckJobs: before.stuckJobs });
    expect(stdout).toMatch(/^✔ Taken back: \d+ rows, and \d+ stuck jobs as before\.$/m);
  });

  test('writes its result as JSON', async () => {
    const trace = await mixedLog();
    const { status, json } = await runForJson('--trace', trace, '--seed', '7');
    expect(status).toBe(0);
    const number = expect.any(Number) as number;
    const pass = { status: 'done', itemsCleaned: number, batches: 1, durationMs: number, stopReason: 'drained' };
    const counts = { jobs: 570, allocations: 590 };
    const { before } = json as { before: Record<string, number> };
    expect(json).toStrictEqual({
      trace,
      seed: 7,
      adapter: 'knex',
      database: 'postgres',
      server: expect.stringMatching(/^PostgreSQL \d+\.\d+$/) as string,
      imported: 240,
      skipped: { total: 4, byReason: { tooFewFields: 1, duplicateId: 1, noRunTime: 1, partial: 1 } },
      before: {
        ...counts,
        completedJobsWithUnreleasedResources: 7,
        staleReservations: 100,
        stuckJobs: number,
        oldJobs: number,
      },
      strategies: [
        { name: 'completed_job_cleanup', ...pass, itemsCleaned: 7 },
        { name: 'stale_reservation_cleanup', ...pass, itemsCleaned: 100 },
        { name: 'stuck_job_cleanup', ...pass, itemsCleaned: before.stuckJobs },
        {
          name: 'old_job_cleanup',
          status: 'disabled',
          itemsCleaned: 0,
          batches: 0,
          durationMs: 0,
          stopReason: null,
        },
      ],
      after: {
        ...counts,
        completedJobsWithUnreleasedResources: 0,
        staleReservations: 0,
        stuckJobs: 0,
        oldJobs: before.oldJobs,
      },
      untouched: true,
    });
    expect(Object.keys(json)).toEqual(
      'trace seed adapter database server imported skipped before strategies after untouched'.split(' '),
    );
    expect(before.stuckJobs).toBeGreaterThan(30);
    expect(before.oldJobs).toBeGreaterThan(100);
  });

  test('shows the first skipped lines with their reasons', async () => {
    const { stdout } = await runDemo(['--trace', await mixedLog()], { PG_URL });
    expect(stdout).toContain(
      [
        '         4 lines skipped:',
        '           line 245 has fewer than 18 fields',
        '           line 246 repeats a job id',
        '           line 247 has no run time',
        '           and 1 more',
      ].join('\n'),
    );
  });

  test('takes a gzipped log with absolute submit times and no start of its own', async () => {
    const lines = Array.from({ length: 50 }, (_, index) =>
      record({ id: index + 1, submit: 1_000_000_000 + index * 86_400 }),
    );
    const trace = await folder.write(
      'absolute.swf.gz',
      gzipSync(`; Computer: Old One\r\n\r\n${lines.join('\r\n')}\r\n`),
    );
    const { status, stdout } = await runDemo(['--trace', trace], { PG_URL });
    expect(status).toBe(0);
    expect(stdout).toContain('Old One; Sep 2001 to Oct 2001\n         50 jobs imported\n');
  });

  test('damages as much as its options say', async () => {
    const { json, status } = await runForJson(
      ...['--trace', await mixedLog(), '--leaked-percent', '50', '--reservations', '40', '--stale-percent', '25'],
      ...['--long-jobs', '8', '--long-days', '3-4.5', '--healthy-jobs=1', '--sibling-jobs=2', '--requeued-jobs=3'],
    );
    expect(status).toBe(0);
    expect(json.before).toMatchObject({
      jobs: 240 + 40 + 8 + 1 + 2,
      completedJobsWithUnreleasedResources: 120,
      staleReservations: 10,
      stuckJobs: 8,
    });
  });

  test('deletes old jobs with --purge', async () => {
    const { json, status, stdout } = await runForJson('--trace', await mixedLog(), '--purge');
    const { before, after } = json as { before: Record<string, number>; after: Record<string, number> };
    expect(status).toBe(0);
    expect(after.oldJobs).toBe(0);
    expect(after.jobs).toBe((before.jobs ?? 0) - (before.oldJobs ?? 0));
    expect(json.untouched).toBe(true);
    expect(stdout).toMatch(/✔ old_job_cleanup +\d+ cleaned/);
  });

  test('repeats the log to the number of --rows', async () => {
    const { json, status, stdout } = await runForJson('--rows', '20000');
    expect(status).toBe(0);
    expect(json).toMatchObject({ imported: 20_000, untouched: true });
    expect(stdout).toContain('20,000 jobs imported, the log repeated 2 times');
  });

  test('of a healthy cluster finds nothing to do', async () => {
    const none = '--leaked-percent 0 --reservations 0 --long-jobs 0'.split(' ');
    const { json, status, stdout } = await runForJson('--trace', await mixedLog(), ...none);
    expect(status).toBe(0);
    expect(json.strategies).toMatchObject([{ status: 'skipped' }, { status: 'skipped' }, { status: 'skipped' }, {}]);
    expect(stdout).toContain('nothing to do');
  });

  test("shows the strategies' own log lines with --verbose", async () => {
    const { stderr, status } = await runDemo(['--trace', await mixedLog(), '--verbose'], { PG_URL });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warn {2}♻️ {2}\[stale_reservation_cleanup\] Job \d+: reserved for \d+\.\d min$/m);
  });
});

describe('exit status 1 is for', () => {
  /** A run that has just imported its jobs, and a connection to its database. */
  async function imported() {
    const demo = new Demo(['--rows', '60000'], { PG_URL });
    await demo.printed('Log');
    const [name = ''] = await demoDatabases();
    return { demo, name };
  }

  test('a pass that changes more than the rules allow', async () => {
    const { demo, name } = await imported();
    const url = new URL(PG_URL);
    url.pathname = `/${name}`;
    const saboteur = new pg.Client({ connectionString: url.href });
    await saboteur.connect();
    await saboteur.query(`
      CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.state = 'FAILED' THEN NEW.name := NEW.name || '!'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER sabotage BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION sabotage()`);
    await saboteur.end();
    const { status, stdout } = await demo.end();
    expect(status).toBe(1);
    expect(stdout).toMatch(/✘ \d+ rows changed against the rules:\n( {2}jobs \d+ was changed\n){3}/);
    expect(stdout).toContain('✘ The cluster is not clean.');
  });

  test('a database that goes away, in one line', async () => {
    const { demo, name } = await imported();
    await server.query(`DROP DATABASE "${name}" WITH (FORCE)`);
    const { status, stderr } = await demo.end();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The demo failed: .+\n$/);
    expect(await demoDatabases()).toEqual([]);
  });
});

test('a signal drops the database, on a server that is not ours to stop', async () => {
  const demo = new Demo(['--rows', '60000', '--purge'], { PG_URL });
  await demo.printed('Log');
  expect(await demoDatabases()).toHaveLength(1);
  demo.kill('SIGTERM');
  expect(await demo.end()).toMatchObject({ status: 143, stderr: 'Stopped. Nothing was left behind.\n' });
  expect(await demoDatabases()).toEqual([]);
});

describe('what it prints', () => {
  const width = (line: string) =>
    [...line].reduce((sum, char) => sum + (/[\p{Script=Han}，。：（）]/u.test(char) ? 2 : 1), 0);

  test.each([
    ['en', []],
    ['zh-CN', ['--locale', 'zh-CN']],
  ])('fits 80 columns and a page, and its tables line up (%s)', async (_locale, args) => {
    const { stdout, status } = await once(...args);
    const lines = stdout.split('\n');
    expect(status).toBe(0);
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(42);
    const framed = lines.filter((line) => /^[┌│├└]/.test(line));
    expect(framed).toHaveLength(15);
    expect(new Set(framed.map(width)).size).toBe(1);
  });

  test('is plain where it is no terminal, coloured where colours are asked for', async () => {
    const plain = await once();
    const coloured = await runDemo(['--trace', await mixedLog()], { PG_URL, FORCE_COLOR: '1' });
    expect(plain.stdout).not.toContain('\u001b[');
    expect(coloured.stdout).toContain('\u001b[32m✔');
  });

  test('is Chinese throughout with --locale zh-CN', async () => {
    const { stdout } = await runDemo(['--trace', await mixedLog(), '--locale', 'zh-CN'], { PG_URL });
    const ascii = stdout.replaceAll(/npm run demo.*?--[\w-]+(?: [\w-]+)*/g, '').match(/[A-Za-z]{4,} [A-Za-z]{3,}/g);
    expect(ascii).toEqual(null);
    expect(stdout).toContain('集群健康状况');
  });
});
