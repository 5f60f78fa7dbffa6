import { knexStore } from '@jobsweep/repo-knex';
import stringWidth from 'string-width';
import { beforeEach, describe, expect, test } from 'vitest';
import { Interrupted } from '../../src/cli/interruption.js';
import { useCluster } from '../support/cluster.js';
import { aFolder, jobsweep } from './support/command.js';
import { onPostgres } from './support/configs.js';
import { onTerminal } from './support/terminal.js';

const STUCK = 'stuck_job_cleanup';
const OLD = 'old_job_cleanup';
const cluster = useCluster();

beforeEach(() => cluster.damageWithOwnTables());

const folder = (more: object = {}) => {
  const strategies = { [STUCK]: { breaker: false }, [OLD]: { enabled: true, breaker: false } };
  return aFolder({ 'jobsweep.config.json': onPostgres({ strategies, ...more }) });
};
const commandIn =
  (where: string) =>
  (...args: string[]) =>
    jobsweep(where, args, { PG_URL: cluster.url });
const command = (...args: string[]) => commandIn(folder())(...args);
/** Runs a strategy, and gives the id of its pass. */
const passOf = async (strategy: string, run = command) => {
  expect((await run('run', strategy)).status).toBe(0);
  const [pass] = await knexStore(cluster.knex).journal.read({ strategy, limit: 1 });
  return pass?.id ?? '';
};
const stuckJobs = (count: number) =>
  cluster.sql.query(`insert into jobs (id, name, state, start_time)
    select id, 'stuck', 'RUNNING', now() - interval '3 days' from generate_series(1001, ${1000 + count}) as id`);

interface Shown {
  readonly counts: { readonly rows: number };
  readonly changes: readonly { readonly id: string }[];
  readonly leftOut: number;
}

describe('More changes than one statement reads', () => {
  test('are shown as far as --limit says, and how many are left out', async () => {
    await stuckJobs(2400);
    const id = await passOf(STUCK);
    const { stdout } = await command('show', id, '--limit', '2100', '--json');
    const { counts, changes, leftOut } = JSON.parse(stdout) as Shown;
    expect(new Set(changes.map((change) => change.id)).size).toBe(2100);
    expect({ rows: counts.rows, leftOut }).toEqual({ rows: 2428, leftOut: 328 });
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), null, 2)}\n`);

    const all = await command('show', id, '--limit', '5000');
    expect(all.stdout.match(/state: RUNNING → FAILED$/gm)).toHaveLength(2414);
    expect(all.stdout).not.toContain('--limit');
    expect((await command('show', id)).stdout).toContain('\n2328 more: --limit shows them.\n');
    const whole = JSON.parse((await command('show', id, '--limit', '2428', '--json')).stdout) as Shown;
    expect([whole.changes.length, whole.leftOut]).toEqual([2428, 0]);
  });

  test('are not read on after Ctrl-C', async () => {
    await stuckJobs(1100);
    const id = await passOf(STUCK);
    const controller = new AbortController();
    const options = { env: { PG_URL: cluster.url }, signal: controller.signal };
    const { stdout, stderr, ended } = onTerminal(folder(), ['show', id, '--limit', '9999'], options);
    await stdout.shows('RUNNING → FAILED');
    controller.abort(new Interrupted('SIGINT'));
    expect(await ended).toBe(130);
    expect(stderr.plain()).toContain('Stopped by SIGINT');
    expect(stdout.plain()).not.toContain('jobsweep undo');
  });

  test.each(['0', '1.5', 'all'])('are no reason for a limit of %s', async (limit) => {
    const { status, stderr } = await command('show', '1', '--limit', limit);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('a whole number from 1 on') });
  });
});

test.each(['show', 'undo'])('%s names jobs that the pass has not changed, and how ids are given', async (name) => {
  const id = await passOf(STUCK);
  for (const job of ['11,12', '["11",2]', '6']) {
    const { status, stdout, stderr } = await command(name, id, '--job', job);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`Pass ${id} changed no job '${job}': give ids as \`jobsweep show ${id}\` prints them`);
    expect(stderr).toContain(`such as --job '["n1","4"]'`);
  }
  expect((await command(name, id, '--job', '6', '11', ...(name === 'undo' ? ['--dry-run'] : []))).status).toBe(0);
});

describe('The end of what is shown says', () => {
  test('which command takes it back, of the jobs that are shown', async () => {
    const id = await passOf(STUCK);
    const { stdout } = await command('show', id, '--job', '11', '12');
    expect(stdout).toContain(`\`jobsweep undo ${id} --job 11 12\` takes them back`);
  });

  test('that some, or all, is taken back', async () => {
    const mapped = { store: { schema: { allocations: { columns: { resource: 'id' } } } } };
    const run = commandIn(folder(mapped));
    const id = await passOf(STUCK, run);
    await run('undo', id, '--job', '11', '--yes');
    expect((await run('show', id)).stdout).toContain(
      `\`jobsweep undo ${id} --dry-run\` tells which of the others can still come back.`,
    );
    expect((await run('undo', id, '--yes')).status).toBe(0);
    const { stdout } = await run('show', id);
    expect(stdout).toContain('\nAll that was changed is taken back.\n');
    expect(stdout).not.toContain('jobsweep undo');
  });

  test('that deleted rows do not come back without an archive', async () => {
    const id = await passOf(OLD);
    const { stdout } = await command('show', id);
    expect(stdout).toMatch(/^Deleted rows cannot come back: no archive is kept of them \(schema\.archive\)\.$/m);
    expect(stdout).not.toContain('`jobsweep');
  });

  test('how they come back out of an archive', async () => {
    const run = commandIn(folder({ store: { schema: { archive: true } } }));
    await cluster.sql.query('drop table if exists jobs_archive, resource_allocations_archive');
    await run('init', '--apply');
    const id = await passOf(OLD, run);
    expect((await run('show', id)).stdout).toContain(`\`jobsweep restore --pass ${id}\` puts deleted rows back`);
  });
});

describe('Values', () => {
  const shown = async (columns: number) => {
    await cluster.sql.query(`update jobs set error_msg = 'NULL', exit_code = '' where id = 11;
      update jobs set error_msg = '"quoted"', exit_code = 'null ' where id = 12`);
    const id = await passOf(STUCK);
    const { stdout, ended } = onTerminal(folder(), ['show', id], { columns, env: { PG_URL: cluster.url } });
    await ended;
    return stdout;
  };

  test('that look like NULL or nothing are quoted, and NULL is not', async () => {
    const stdout = await shown(120);
    for (const text of ['error_msg: "NULL" →', 'exit_code: "" →', 'error_msg: ""quoted"" →', 'exit_code: "null " →'])
      expect(stdout.plain()).toContain(text);
    expect(stdout.text()).toContain('end_time: \u001b[2mNULL\u001b[22m →');
  });

  test.each([80, 50, 40])('are whole on a terminal of %i columns', async (columns) => {
    const text = (await shown(columns)).plain();
    expect(text).not.toContain('…');
    expect(text).toMatch(/ \d{4}-\d\d-\d\dT[\d:.]+Z$/m);
    expect(Math.max(...text.split('\n').map((line) => stringWidth(line))), text).toBeLessThanOrEqual(columns);
  });
});
