import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectPlain } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { useBuilds } from './support/builds.js';
import { aFolder, jobsweep, jobsweepAlone } from './support/command.js';
import { onTerminal } from './support/terminal.js';

const ADAPTERS = {
  postgres: '@jobsweep/repo-knex',
  mysql: '@jobsweep/repo-knex',
  mariadb: '@jobsweep/repo-typeorm',
  mongodb: '@jobsweep/repo-mongo',
} as const;
type Database = keyof typeof ADAPTERS;

interface Answer {
  readonly proposal: {
    readonly lines: readonly { readonly path: string; readonly value: unknown; readonly isAssumed: boolean }[];
    readonly remarks: readonly string[];
  } | null;
  readonly withoutProposal: string | null;
  readonly plan: { readonly strategies: readonly { readonly name: string; readonly due: number }[] };
}

interface ConfigFile {
  readonly assumptions?: Readonly<Record<string, string>>;
  readonly strategies: Readonly<Record<string, object>>;
  readonly store: { readonly schema: object };
}

const configIn = (folder: string): ConfigFile =>
  JSON.parse(readFileSync(join(folder, 'jobsweep.config.json'), 'utf8')) as ConfigFile;

describe.each(enginesOfRun().filter((engine) => engine in ADAPTERS) as Database[])('init on tables of %s', (engine) => {
  const builds = useBuilds(engine);
  const flags = ['init', '--database', engine, '--adapter', ADAPTERS[engine], '--url-variable', 'BUILDS_URL'];
  const env = () => ({ BUILDS_URL: builds.url });

  test('proposes a mapping that plan takes, and run once nothing of it is an assumption any more', async () => {
    const folder = aFolder();
    const { status, stdout } = await jobsweep(folder, [...flags, '--format', 'json', '--json'], env());
    expect(status).toBe(0);
    const { proposal, plan } = JSON.parse(stdout) as Answer;
    const lines = new Map(proposal?.lines.map(({ path, value }) => [path, value]));
    const time = (column: string) =>
      engine.startsWith('m') && engine !== 'mongodb' ? { column, codec: 'utcDateTime' } : column;
    expect(lines.get('store.schema.jobs.table')).toBe('build_jobs');
    expect(lines.get('store.schema.jobs.columns.startTime')).toEqual(time('started_at'));
    expect(lines.get('store.schema.jobs.states.COMPLETED')).toBe('done');
    expect(lines.get('store.schema.allocations.table')).toBe('build_locks');
    expect(lines.get('store.schema.allocations.columns.jobId')).toBe('build_job_id');
    expect(lines.get('store.schema.allocations.statuses.RELEASED')).toBe('free');
    const remarks = proposal?.remarks.join('\n');
    expect(remarks).toContain('paused (1 row)');
    if (engine !== 'mongodb') expect(remarks).toContain('build_logs (build_job_id, cascades)');
    const due = Object.fromEntries(plan.strategies.map((one) => [one.name, one.due]));
    expect(due).toMatchObject({ completed_job_cleanup: 1, stuck_job_cleanup: 1, old_job_cleanup: 1 });

    const config = configIn(folder);
    const assumed = proposal?.lines.filter(({ isAssumed }) => isAssumed).map(({ path }) => path) ?? [];
    expect(Object.keys(config.assumptions ?? {})).toEqual(assumed);
    expect(assumed).toContain('store.schema.jobs.states.FAILED');
    expect(assumed).not.toContain('store.schema.jobs.columns.id');
    expect(config.strategies.old_job_cleanup).toMatchObject({ enabled: false });
    expect(config.store.schema).not.toHaveProperty('dependents');

    const before = await builds.states();
    const refused = await jobsweep(folder, ['run'], env());
    expect(refused).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^INVALID_CONFIG: /) });
    for (const path of assumed) expect(refused.stderr).toContain(`- ${path} is an assumption`);
    expect((await jobsweep(folder, ['plan'], env())).status).toBe(0);
    expect(await builds.states()).toEqual(before);

    const { assumptions: _confirmed, ...rest } = config;
    writeFileSync(join(folder, 'jobsweep.config.json'), JSON.stringify(rest));
    // In a process that has not read the file as it was.
    expect((await jobsweepAlone(folder, ['run'], env())).status).toBe(0);
    expect(await builds.states()).toEqual({ ...before, 1: 'crashed', 11: 'free' });
  });
});

describe.runIf(enginesOfRun().includes('postgres'))('The proposal of init', () => {
  const builds = useBuilds('postgres');
  const empty = freshDatabase('nothing');
  const env = () => ({ PG_URL: builds.url });
  const connection = ['--database', 'postgres', '--adapter', '@jobsweep/repo-knex', '--url-variable', 'PG_URL'];

  test.each(['ts', 'mjs'])('has a reason in each line of a %s file, and is said', async (format) => {
    const folder = aFolder();
    const { stdout } = await jobsweep(folder, ['init', '--format', format], env());
    const text = readFileSync(join(folder, `jobsweep.config.${format}`), 'utf8');
    expect(text).toContain("table: 'build_jobs', // its name and columns are like it\n");
    expect(text).toContain("id: 'id', // its primary key\n");
    expect(text).toContain("startTime: 'started_at', // by its name; timestamp with time zone\n");
    expect(text).toContain("COMPLETED: 'done', // by the word: done (2 rows)\n");
    expect(text).toContain("'store.schema.jobs.states.COMPLETED': 'by the word: done (2 rows)',\n");
    expect(text).toMatch(/\/\/ Left alone, .* paused \(1 row\)/);
    expect(stdout).toMatch(/^jobs\.startTime +started_at +\? by its name$/m);
    expect(stdout).toContain('The proposal deletes no jobs: old_job_cleanup is off.');
    expect(stdout).toMatch(/^stuck_job_cleanup +1 +1 /m);
    expect((await jobsweep(folder, ['plan'], env())).status).toBe(0);
  });

  test('is written where no plan can be made, which is said', async () => {
    const plain = await connectPlain(builds.url);
    await plain.query("UPDATE build_jobs SET started_at = started_at + interval '2 years'");
    await plain.query('CREATE INDEX ON build_jobs (started_at)');
    await plain.close();
    const folder = aFolder();
    const { status, stdout } = await jobsweep(folder, ['init', '--format', 'json'], env());
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^What it would find cannot be said yet:\n.*\n- store\.schema\.jobs\.columns\.startTime: .* newest times lie more/m,
    );
    expect(configIn(folder).store.schema).toMatchObject({ jobs: { columns: { startTime: 'started_at' } } });
    const json = await jobsweep(aFolder(), ['init', '--format', 'json', '--json'], env());
    expect(JSON.parse(json.stdout)).toMatchObject({ plan: null, proposal: { lines: expect.any(Array) as unknown } });
  });

  test('is of the tables that flags name', async () => {
    const folder = aFolder();
    const flags = ['--jobs-table', 'build_jobs', '--no-allocations-table', '--json', '--format', 'json'];
    await jobsweep(folder, ['init', ...flags], env());
    const { assumptions, store } = configIn(folder);
    expect(store.schema).toMatchObject({ jobs: { table: 'build_jobs' }, allocations: null });
    expect(Object.keys(assumptions ?? {})).not.toContain('store.schema.jobs.table');
  });

  test.each<[string, () => NodeJS.ProcessEnv, string, ...string[]]>([
    ['an empty database', () => ({ PG_URL: empty.url }), 'no table looks like jobs'],
    ['a table that is not there', env, 'there is no table built_jobs', '--jobs-table', 'built_jobs'],
  ])('gives way to a template in %s, which is said', async (_title, where, why, ...flags) => {
    const folder = aFolder();
    const { status, stdout } = await jobsweep(folder, ['init', ...flags], where());
    expect(status).toBe(0);
    expect(stdout).toContain(`Nothing of your tables could be proposed: ${why}`);
    expect(readFileSync(join(folder, 'jobsweep.config.ts'), 'utf8')).not.toContain('assumptions');
  });

  test('fits a terminal of 80 x 24, and leaves no assumption behind of what was confirmed', async () => {
    const folder = aFolder();
    const where = { columns: 80, env: { ...env(), NO_COLOR: '1' } };
    const { stdout, stderr, ended, answer } = onTerminal(folder, ['init', '--format', 'json', ...connection], where);
    await stderr.shows('Are these the tables?');
    const written = () => stdout.plain().split('\n');
    const seenAt = [0, written().length];
    for (const question of ['Are the columns right', 'Do the values mean these states?']) {
      answer('\r');
      await stderr.shows(question);
      seenAt.push(written().length);
    }
    answer('\r');
    expect(await ended).toBe(0);
    const lines = written();
    // The answer before, the question, its three answers, an empty line and what keys do.
    const questionLines = 7;
    for (const [at, end] of seenAt.slice(1).entries())
      expect(end - (seenAt[at] ?? 0) + questionLines, lines.join('\n')).toBeLessThanOrEqual(24);
    expect(lines.length - (seenAt.at(-1) ?? 0), lines.join('\n')).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((line) => stringWidth(line))), lines.join('\n')).toBeLessThanOrEqual(80);
    expect(configIn(folder)).not.toHaveProperty('assumptions');
    expect((await jobsweep(folder, ['run'], env())).status).toBe(0);
  });

  test('takes what people say of columns and values, and keeps what they cannot say', async () => {
    const folder = aFolder();
    const { stderr, ended, answer } = onTerminal(folder, ['init', '--format', 'json', ...connection], { env: env() });
    const [down, up, enter] = ['\u001b[B', '\u001b[A', '\r'];
    await stderr.shows('Are these the tables?');
    answer(`${down}${down}${enter}`);
    await stderr.shows('Are the columns right');
    answer(enter);
    await stderr.shows('Do the values mean these states?');
    answer(`${down}${enter}`);
    // `done`, `building`, `crashed`, `paused`, in this order but for those of one row.
    await stderr.shows('What does done mean in build_jobs.status? (2 rows)');
    answer(enter);
    for (const value of ['building', 'crashed']) {
      await stderr.shows(`What does ${value} mean`);
      answer(enter);
    }
    await stderr.shows('What does paused mean');
    answer(`${up}${enter}`);
    for (const value of ['free', 'locked']) {
      await stderr.shows(`What does ${value} mean in build_locks.state`);
      answer(enter);
    }
    expect(await ended).toBe(0);
    const { assumptions, store } = configIn(folder);
    expect(Object.keys(assumptions ?? {})).toEqual(['store.schema.jobs.table', 'store.schema.allocations.table']);
    expect(store.schema).toMatchObject({ jobs: { states: { COMPLETED: 'done', CANCELLED: 'paused' } } });
  });
});
