import { beforeEach, describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { aFolder, jobsweep } from './support/command.js';
import { onPostgres } from './support/configs.js';

const STUCK = 'stuck_job_cleanup';
const cluster = useCluster();

beforeEach(() => cluster.damageWithOwnTables());

const command = (...args: string[]) =>
  jobsweep(aFolder({ 'jobsweep.config.json': onPostgres() }), args, { PG_URL: cluster.url });

/** What is told of turns with `--json`. */
interface Listed {
  readonly strategies: readonly { readonly name: string; readonly nextDueAt: string | null }[];
  readonly findings: readonly object[];
}

describe('jobsweep pause', () => {
  test('keeps a strategy from repairing anything until it is resumed, and list, doctor and history tell', async () => {
    const { status, stdout } = await command('pause', STUCK);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^\S+@\S+ has paused stuck_job_cleanup until it is resumed\. Meanwhile it repairs nothing, on any runner\.\n$/,
    );
    const run = await command('run', STUCK);
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^stuck_job_cleanup +paused .*Paused by \S+@\S+$/m);
    expect((await command('list')).stdout).toContain(stdout.trim());
    const { strategies } = JSON.parse((await command('list', '--json')).stdout) as Listed;
    expect(strategies.find(({ name }) => name === STUCK)?.nextDueAt).toBe(null);
    const { findings } = JSON.parse((await command('doctor', '--json')).stdout) as Listed;
    expect(findings).toContainEqual(expect.objectContaining({ check: 'claims', severity: 'info', subject: STUCK }));

    expect((await command('resume', STUCK)).stdout).toBe('stuck_job_cleanup may have its turns again.\n');
    expect((await command('resume', STUCK)).stdout).toBe('stuck_job_cleanup was not paused.\n');
    expect((await command('run', STUCK)).stdout).toMatch(/^stuck_job_cleanup +done +14 /m);
    const history = (await command('history')).stdout;
    expect(history).toMatch(/ stuck_job_cleanup +paused .* \S+@\S+ paused it$/m);
    expect(history).toMatch(/ stuck_job_cleanup +resumed .* \S+@\S+ resumed it$/m);
  });

  test('for a time ends by itself', async () => {
    const { stdout } = await command('pause', STUCK, '--for', '2h', '--json');
    const { since, until, ...rest } = JSON.parse(stdout) as { since: string; until: string };
    expect(rest).toEqual({ config: 'main', strategy: STUCK, by: expect.stringMatching(/^\S+@\S+$/) });
    expect(Date.parse(until) - Date.parse(since)).toBe(7_200_000);
  });

  test.each(['soon', '0m', '9999999d', '2', '2.5', 'h'])('is refused for %s', async (time) => {
    const { status, stderr } = await command('pause', STUCK, '--for', time);
    expect(status).toBe(2);
    expect(stderr).toContain(
      `--for is '${time}': give a number and its unit (s, m, h or d), such as 90s, 30m, 2h or 3d;`,
    );
  });

  test('knows no other strategies', async () => {
    expect((await command('pause', 'stuck_jobs')).stderr).toContain('did you mean stuck_job_cleanup?');
  });
});
