import { readdir } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { runDemo } from '../support/demo.js';
import { temporaryFolder } from '../support/files.js';

// Each run of the command starts a database, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000 });

const folder = temporaryFolder();

/** What bad input gives: its one line. */
async function complaint(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { status, stdout, stderr } = await runDemo(args, env);
  expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 2, stdout: '', lines: 2 });
  return stderr.trimEnd();
}

describe('one clear line and exit status 2 for', () => {
  test('an unknown flag', async () => {
    expect(await complaint(['--rwos', '5'])).toBe("unknown option '--rwos' (Did you mean --rows?) (see --help)");
  });

  test('a bad number', async () => {
    expect(await complaint(['--rows', '0'])).toBe('--rows 0: give a whole number from 1 to 100000000');
  });

  test('a path that leads nowhere', async () => {
    const path = folder.path('missing.swf');
    expect(await complaint(['--trace', path])).toBe(`Cannot read ${path}: no such file or directory`);
  });

  test('a folder', async () => {
    const path = folder.path('');
    expect(await complaint(['--trace', path])).toMatch(/^Cannot read .*: illegal operation on a directory$/);
  });

  test('a file that is no log', async () => {
    const path = await folder.write('letter.txt', 'Dear reader,\n');
    expect(await complaint(['--trace', path])).toBe(
      `${path} is no log in Standard Workload Format: line 1 is no record of 18 numbers`,
    );
  });

  test('a log without a job', async () => {
    const path = await folder.write('none.swf', '; Version: 2.2\n1 0 0 -1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n');
    expect(await complaint(['--trace', path])).toBe(`${path} has no job to import: none of 1 lines makes one`);
  });

  test('a result that cannot be written, before anything is done', async () => {
    const path = folder.path('no/such/folder.json');
    expect(await complaint(['--json', path])).toBe(`Cannot write ${path}: no such file or directory`);
    expect(await complaint(['--json', folder.path('.')])).toMatch(/^Cannot write .*: it is a folder$/);
  });

  test('a server that does not answer', async () => {
    const line = await complaint([], { PG_URL: 'postgres://me:secret@127.0.0.1:1/db' });
    expect(line).toMatch(/^Cannot use PG_URL postgres:\/\/me:\*\*\*@127\.0\.0\.1:1\/db \(.*ECONNREFUSED/);
    expect(line).not.toContain('secret');
  });

  test('a PG_URL that is none', async () => {
    expect(await complaint([], { PG_URL: 'localhost' })).toMatch(/^PG_URL is not a URL such as /);
  });

  test('all of this in Chinese too', async () => {
    expect(await complaint(['--locale', 'zh-CN', '--rows', 'x'])).toBe('--rows x：请给出 1 到 100000000 之间的整数');
    expect(await complaint(['--bogus', '--locale=zh-CN'])).toBe('未知选项 --bogus（参见 --help）');
  });

  test('and nothing is left behind', async () => {
    expect((await readdir(folder.path(''))).sort()).toEqual(['letter.txt', 'none.swf']);
  });
});

test('paths are relative to the folder in which npm was called', async () => {
  await folder.write('here.swf', 'no log');
  const { stderr } = await runDemo(['--trace', 'here.swf'], { INIT_CWD: folder.path('.') });
  expect(stderr).toContain(`${folder.path('here.swf')} is no log`);
});
