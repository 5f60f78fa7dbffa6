import { beforeEach, describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { aFolder, jobsweep } from './support/command.js';
import { onPostgres } from './support/configs.js';

const STUCK = 'stuck_job_cleanup';
const cluster = useCluster();

beforeEach(() => cluster.damageWithOwnTables());

const command = (strategies: object, ...args: string[]) =>
  jobsweep(aFolder({ 'jobsweep.config.json': onPostgres({ strategies }) }), args, { PG_URL: cluster.url });

const observing = (...args: string[]) => command({ [STUCK]: { mode: 'observe' } }, ...args);

/** What is told of strategies with `--json`. */
interface Told {
  readonly strategies: readonly { readonly name: string; readonly [field: string]: unknown }[];
}
const stuckIn = (stdout: string) => (JSON.parse(stdout) as Told).strategies.find(({ name }) => name === STUCK);

describe("mode: 'observe' of a strategy", () => {
  test('has run look and repair nothing, and history, list and plan tell', async () => {
    const before = await cluster.everything();
    const run = await observing('run', STUCK);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/^stuck_job_cleanup +observed +0 +0 .*Observes only, 14 would have been repaired$/m);
    const { stdout } = await observing('run', STUCK, '--json');
    const samples = expect.arrayContaining([
      { id: '24', description: 'Stuck job 24 (stuck)', dueSince: expect.any(String) },
    ]);
    expect(stuckIn(stdout)).toMatchObject({
      ...{ status: 'observed', isStuck: false, plan: { due: 14, capped: false, samples } },
      pass: { stopReason: 'observed', itemsFound: 14, itemsCleaned: 0 },
    });
    expect(await cluster.everything()).toEqual(before);

    const history = (await observing('history')).stdout;
    expect(history).toMatch(
      / stuck_job_cleanup +observed .* would have repaired 14 rows, the first: Stuck job 24 \(stuck\)$/m,
    );
    expect(history.match(/observed/g)).toHaveLength(1);
    const { passes } = JSON.parse((await observing('history', '--json')).stdout) as {
      passes: { id: string; samples: object[] }[];
    };
    expect(passes.map((pass) => pass.samples.length)).toEqual([14]);
    expect((await observing('show', passes[0]?.id ?? '')).stdout).toMatch(
      /It would have repaired 14 rows:\n {2}Stuck job 24 \(stuck\)\n( {2}Stuck job \d+ \(stuck\)\n){13}$/,
    );

    expect((await observing('list')).stdout).toMatch(/^stuck_job_cleanup +every 1 h; observes /m);
    expect(stuckIn((await observing('list', '--json')).stdout)).toMatchObject({ mode: 'observe' });
    expect((await observing('plan')).stdout).toMatch(/^stuck_job_cleanup +14 .* observes$/m);
    expect(stuckIn((await observing('plan', '--json')).stdout)).toMatchObject({
      mode: 'observe',
      pause: null,
      due: 14,
    });

    expect((await command({}, 'run', STUCK)).stdout).toMatch(/^stuck_job_cleanup +done +14 /m);
  });

  test('asks nobody about deletes, since there are none', async () => {
    const strategies = { old_job_cleanup: { enabled: true, mode: 'observe' } };
    const config = onPostgres({ strategies, runner: { confirmDeletesAbove: 0 } });
    const folder = aFolder({ 'jobsweep.config.json': config });
    const { status, stdout } = await jobsweep(folder, ['run', 'old_job_cleanup'], { PG_URL: cluster.url });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^old_job_cleanup +observed /m);
    expect((await cluster.sql.query("select 1 from jobs where name = 'old'")).rowCount).toBe(1);
  });

  test('is refused where it is none', async () => {
    const { status, stderr } = await command({ [STUCK]: { mode: 'watch' } }, 'plan');
    expect(status).toBe(2);
    expect(stderr).toContain("strategies.stuck_job_cleanup.mode is 'watch'");
    expect(stderr).toContain('repair, observe');
  });
});

describe('jobsweep plan', () => {
  test('says which strategies are paused, by whom and until when', async () => {
    const paused = (await command({}, 'pause', STUCK, '--for', '2h')).stdout.trim();
    const { stdout } = await command({}, 'plan');
    expect(stdout).toMatch(/^stuck_job_cleanup +14 .* paused$/m);
    expect(stdout).toContain(paused);
    expect(stuckIn((await command({}, 'plan', '--json')).stdout)).toMatchObject({
      mode: 'repair',
      pause: { by: expect.stringMatching(/^\S+@\S+$/), since: expect.any(String), until: expect.any(String) },
    });
  });
});
