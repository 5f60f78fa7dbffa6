import { withMongo } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import { beforeEach, describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { aFolder, jobsweep } from './support/command.js';
import { onPostgres } from './support/configs.js';

const STUCK = 'stuck_job_cleanup';
const cluster = useCluster();

beforeEach(() => cluster.damageWithOwnTables());

/** Runs the command on 17 running jobs, of which 14 are stuck. */
function command(...args: string[]) {
  const config = onPostgres({ strategies: { [STUCK]: { breaker: { minRows: 10 } } } });
  return jobsweep(aFolder({ 'jobsweep.config.json': config }), args, { PG_URL: cluster.url });
}

/** What is told of turns with `--json`. */
interface Listed {
  readonly strategies: readonly { readonly claim: { readonly approval: object | null } | null }[];
  readonly findings: readonly object[];
}

describe('jobsweep approve', () => {
  test('lets the next pass go on that a breaker has stopped, once, and the history tells who did so', async () => {
    expect((await command('run', STUCK)).status).toBe(1);
    const { status, stdout } = await command('approve', STUCK);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^stuck_job_cleanup: one pass may change at most 14 rows past its breaker, until \d{4}-\d\d-\d\d [\d:]+ UTC\./,
    );
    const said = JSON.parse((await command('approve', STUCK, '--json')).stdout) as Record<string, unknown>;
    expect(said).toMatchObject({ config: 'main', strategy: STUCK, rows: 14 });
    expect(Date.parse(String(said.until))).toBeGreaterThan(Date.now());
    const { strategies } = JSON.parse((await command('list', '--json')).stdout) as Listed;
    expect(strategies.flatMap(({ claim }) => claim?.approval ?? [])).toEqual([{ rows: 14, until: said.until }]);
    expect((await command('list')).stdout).toContain(stdout.trim());
    const { findings } = JSON.parse((await command('doctor', '--json')).stdout) as Listed;
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'claims',
        severity: 'info',
        subject: STUCK,
        problem: expect.stringContaining(`14 rows past its breaker, until ${String(said.until)}`),
      }),
    );

    expect((await command('run', STUCK)).stdout).toMatch(/^stuck_job_cleanup +done +14 /m);
    const history = (await command('history')).stdout;
    expect(history).toMatch(/ stuck_job_cleanup +approved .* \S+@\S+ approved 14 rows$/m);
    expect(history).toContain('Breaker approved for 14 rows: 14 of 17 RUNNING jobs are due');
    expect((await command('list')).stdout).not.toContain('past its breaker');
  });

  test('is refused where nothing was stopped', async () => {
    const { status, stdout, stderr } = await command('approve', STUCK);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`No breaker has stopped the last pass of ${STUCK}`);
    expect(JSON.parse((await command('approve', STUCK, '--json')).stderr)).toMatchObject({
      error: { code: 'NOTHING_TO_APPROVE', retry: 'never' },
    });
  });

  test('knows no other strategies, and needs one', async () => {
    const wrong = await command('approve', 'stuck_jobs');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('did you mean stuck_job_cleanup?');
    expect((await command('approve')).status).toBe(2);
  });
});

describe.runIf(enginesOfRun().includes('mongodb'))('jobsweep approve on MongoDB', () => {
  const database = freshDatabase('approve', 'mongodb');

  test('lets the next pass go on, once', async () => {
    const startTime = new Date(Date.now() - 72 * 3_600_000);
    await withMongo(database.url, (client) =>
      client
        .db()
        .collection('jobs')
        .insertMany(Array.from({ length: 14 }, () => ({ state: 'RUNNING', startTime }))),
    );
    const config = {
      adapter: '@jobsweep/repo-mongo',
      connection: { url: `$\{MONGO_URL}` },
      strategies: { [STUCK]: { breaker: { minRows: 10 } } },
    };
    const folder = aFolder({ 'jobsweep.config.json': config });
    const said = async (...args: string[]) => {
      const { stdout, stderr } = await jobsweep(folder, args, { MONGO_URL: database.url });
      return stdout + stderr;
    };
    await said('init', '--apply');
    expect(await said('run', STUCK)).toMatch(/^stuck_job_cleanup +tripped /m);
    const approved = await said('approve', STUCK);
    expect(approved).toContain('at most 14 rows past its breaker');
    expect(await said('list')).toContain(approved.trim());
    expect(await said('run', STUCK)).toMatch(/^stuck_job_cleanup +done +14 /m);
    expect(await said('list')).not.toContain('past its breaker');
    expect(await said('approve', STUCK)).toContain('No breaker has stopped the last pass');
  });
});
