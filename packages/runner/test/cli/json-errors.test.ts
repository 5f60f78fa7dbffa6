import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep, jobsweepAlone } from './support/command.js';
import { inMemory } from './support/configs.js';

const COMMANDS = ['init', 'doctor', 'list', 'plan', 'run', 'start', 'history'];

const linesOf = (stderr: string) =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);

/** A store whose strategies fail, two of them: the third depends on the first. */
const FAILING = `{ ...store, transaction: async (work, options) => {
  throw Object.assign(new Error('first line\\nsecond line'), { name: 'JobsweepError', code: 'DATABASE_ERROR', retry: 'later' });
} }`;

describe('With --json', () => {
  test.each(COMMANDS)('%s says in one line what is wrong with the call', async (name) => {
    const { status, stdout, stderr } = await jobsweep(aFolder(), [name, '--json', '--verbos']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    const message = expect.stringContaining("unknown option '--verbos'") as string;
    expect(linesOf(stderr)).toEqual([{ error: { code: 'USAGE', message, retry: 'never' } }]);
  });

  test('a config is refused in one line, with all its mistakes', async () => {
    const { status, stderr } = await jobsweep(aFolder({ 'jobsweep.config.json': { adaptr: 1 } }), ['run', '--json']);
    expect(status).toBe(2);
    expect(linesOf(stderr)).toMatchObject([
      { error: { code: 'INVALID_CONFIG', retry: 'never', problems: [{ path: 'adaptr' }, {}, {}] } },
    ]);
  });

  test.each(['run', 'plan'])('each strategy that fails in %s has a line, and is in the answer', async (name) => {
    const old = 'strategies: { old_job_cleanup: { enabled: false } }, runner: { claims: "off" }';
    const folder = aFolder({ 'jobsweep.config.mjs': inMemory({ wrap: FAILING, more: old }) });
    const { status, stdout, stderr } = await jobsweep(folder, [name, 'stuck_job_cleanup', '--json']);
    expect(status).toBe(1);
    const known = { code: 'DATABASE_ERROR', message: 'first line\nsecond line', retry: 'later' };
    expect(linesOf(stderr)).toMatchObject([{ error: { strategy: 'stuck_job_cleanup', ...known } }]);
    expect(stdout).toContain('"retry": "later"');
  });

  test('a round without own tables is warned of, and a log is, in lines of JSON', async () => {
    const folder = aFolder({ 'jobsweep.config.mjs': inMemory({ initialized: false }) });
    const quiet = await jobsweep(folder, ['run', '--json']);
    expect(linesOf(quiet.stderr)).toMatchObject([
      { warning: { message: expect.stringMatching(/^No turn was claimed/) } },
    ]);
    const verbose = await jobsweep(folder, ['run', 'stuck_job_cleanup', '--json', '--verbose']);
    expect(linesOf(verbose.stderr)).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: '[stuck_job_cleanup] Stuck job 3 (crawl)' }),
    );
  });

  test('what nobody waits for ends the command in one line, without a stack', async () => {
    const config = `setTimeout(() => { throw new Error('too late'); }); await new Promise(() => setTimeout(() => {}, 60_000));`;
    const folder = aFolder({ 'jobsweep.config.mjs': `${config} export default {};` });
    const { status, stdout, stderr } = await jobsweepAlone(folder, ['run', '--json']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(linesOf(stderr)).toMatchObject([{ error: { code: null, message: 'too late', retry: 'never' } }]);
  });
});
