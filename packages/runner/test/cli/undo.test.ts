import { beforeEach, describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { aFolder, jobsweep } from './support/command.js';
import { onPostgres } from './support/configs.js';

const STUCK = 'stuck_job_cleanup';
const cluster = useCluster();

beforeEach(() => cluster.damageWithOwnTables());

const command = (...args: string[]) => {
  const config = onPostgres({ strategies: { [STUCK]: { breaker: false } } });
  return jobsweep(aFolder({ 'jobsweep.config.json': config }), args, { PG_URL: cluster.url });
};
const states = async () => {
  const { rows } = await cluster.sql.query<object>('select state, count(*)::int as n from jobs group by 1 order by 1');
  return rows;
};
/** Runs the strategy, and gives the id of its pass. */
const passOf = async () => {
  expect((await command('run', STUCK)).status).toBe(0);
  const { passes } = JSON.parse((await command('history', '--json')).stdout) as { passes: { id: string }[] };
  return passes[0]?.id ?? '';
};

describe('jobsweep show', () => {
  test('tells row by row what a pass has changed', async () => {
    const id = await passOf();
    expect((await command('history')).stdout).toMatch(new RegExp(`^ *${id} +\\S+ \\S+ +${STUCK} +drained`, 'm'));
    const { status, stdout } = await command('show', id);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${STUCK}, pass ${id}, began \\d{4}-\\d\\d-\\d\\d [\\d:]+ UTC$`, 'm'));
    expect(stdout).toMatch(/^\d+ rows: 0 deleted, 0 taken back by now\.$/m);
    expect(stdout).toContain('state: RUNNING → FAILED');
    expect(stdout).toContain('status: ALLOCATED → RELEASED');
    expect(stdout).toContain(`\`jobsweep undo ${id}\` takes them back, where they are still as the pass left them.`);

    const { counts, changes } = JSON.parse((await command('show', id, '--limit', '2', '--json')).stdout) as {
      counts: { rows: number };
      changes: { jobId: string; before: Record<string, string>; after: Record<string, string> }[];
    };
    expect(counts.rows).toBeGreaterThan(14);
    expect(changes).toHaveLength(2);
    expect(changes[0]?.after).toMatchObject({ state: 'FAILED', exit_code: '-2:0' });
    const job = changes[0]?.jobId ?? '';
    const { stdout: ofJob } = await command('show', id, '--job', job, '--json');
    expect((JSON.parse(ofJob) as { changes: { jobId: string }[] }).changes.every(({ jobId }) => jobId === job)).toBe(
      true,
    );
  });

  test.each([['99'], ['x'], ['-1']])('knows no pass %s', async (id) => {
    const { status, stderr } = await command('show', '--', id);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining(`There is no pass ${id} in the history`),
    });
  });
});

describe('jobsweep undo', () => {
  test('takes back what a pass has changed, pauses its strategy, and the history tells', async () => {
    const before = await states();
    const id = await passOf();
    expect(await states()).not.toEqual(before);
    const tried = await command('undo', id, '--dry-run');
    expect(tried).toMatchObject({ status: 0, stdout: expect.stringMatching(/^14 rows can be put back\.$/m) });
    expect(tried.stdout).toContain('schema.allocations.columns.resource does not say of what');
    expect(await states()).not.toEqual(before);

    const refused = await command('undo', id);
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('give --yes') });
    const { status, stdout } = await command('undo', id, '--yes');
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringMatching(/^Put 14 rows back\.$/m) });
    expect(stdout).toContain(`${STUCK} is paused, or its next pass would do the same again.`);
    expect(await states()).toEqual(before);

    expect((await command('run', STUCK)).stdout).toMatch(/^stuck_job_cleanup +paused /m);
    const history = (await command('history')).stdout;
    expect(history).toMatch(new RegExp(` ${STUCK} +undone +14 .* Took pass ${id} back$`, 'm'));
    const { passes } = JSON.parse((await command('history', '--json')).stdout) as { passes: object[] };
    expect(passes[0]).toMatchObject({ stopReason: 'undone', holder: expect.stringMatching(/^\S+@\S+$/) });
    expect((await command('show', id)).stdout).toMatch(/^\d+ rows: 0 deleted, 14 taken back by now\.$/m);
    const again = await command('undo', id, '--yes');
    expect(again).toMatchObject({ status: 1, stdout: expect.stringContaining('Nothing is left to be taken back.') });
    expect(again.stdout).toContain('rows stay as they are');

    await command('resume', STUCK);
    expect((await command('run', STUCK)).stdout).toMatch(/^stuck_job_cleanup +done +14 /m);
  });

  test('leaves what has moved on, and says so', async () => {
    const id = await passOf();
    const first = "select min(id) from jobs where exit_code = '-2:0'";
    await cluster.sql.query(`update jobs set error_msg = 'mine' where id = (${first})`);
    const { status, stdout } = await command('undo', id, '--yes', '--json');
    const { undone, left } = JSON.parse(stdout) as { undone: number; left: { reason: string; rows: number }[] };
    expect({ status, undone }).toEqual({ status: 1, undone: 13 });
    expect(left).toContainEqual(expect.objectContaining({ reason: 'moved', rows: 1 }));
  });

  test('takes back what was done to one job alone', async () => {
    const id = await passOf();
    const { changes } = JSON.parse((await command('show', id, '--limit', '1', '--json')).stdout) as {
      changes: { jobId: string }[];
    };
    const { stdout } = await command('undo', id, '--job', changes[0]?.jobId ?? '', '--yes');
    expect(stdout).toMatch(/^Put 1 row back\.$/m);
  });

  test('takes nothing back where nothing was kept', async () => {
    const config = onPostgres({ strategies: { [STUCK]: { breaker: false } }, runner: { changes: false } });
    const silent = aFolder({ 'jobsweep.config.json': config });
    await jobsweep(silent, ['run', STUCK], { PG_URL: cluster.url });
    const { stdout } = await jobsweep(silent, ['history', '--json'], { PG_URL: cluster.url });
    const { passes } = JSON.parse(stdout) as { passes: { id: string }[] };
    const { status, stderr } = await command('undo', passes[0]?.id ?? '', '--yes');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('is kept, so nothing can be taken back'),
    });
  });
});
