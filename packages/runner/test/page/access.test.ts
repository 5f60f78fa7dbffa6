import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandFor } from '../../src/cli/command-for.js';
import { pageAccess } from '../../src/cli/config/page-access.js';
import { wordsOf } from '../../src/words/words.js';
import { aFolder, jobsweep } from '../cli/support/command.js';
import { inMemory } from '../cli/support/configs.js';

const TOKEN = 'correct horse battery';

describe('The page of `jobsweep start` is served', () => {
  test.each([
    [{}, 'loopback'],
    [{ host: 'localhost' }, 'loopback'],
    [{ host: '127.0.0.2' }, 'loopback'],
    [{ host: '::1', page: true }, 'loopback'],
    [{ host: '0.0.0.0' }, 'nobody'],
    [{ host: '::' }, 'nobody'],
    [{ host: '127.0.0.1.evil.example' }, 'nobody'],
    [{ host: '0.0.0.0', token: TOKEN }, 'token'],
    [{ token: TOKEN }, 'token'],
    [{ page: false, token: TOKEN }, 'nobody'],
    [{ page: false }, 'nobody'],
    [{ host: '0.0.0.0', page: true }, 'unsafe'],
    [{ host: '192.168.0.7', page: true }, 'unsafe'],
  ] as const)('with %j to: %s', (http, access) => {
    expect(pageAccess(http)).toBe(access);
  });
});

describe('A command of the page finds the config', () => {
  const words = wordsOf('en').config;

  test('by itself in the folder of the runner, and by its path wherever else it is', () => {
    const folder = aFolder({ 'jobsweep.config.mjs': '', 'other.json': '{}', "ann's jobs.json": '{}' });
    const found = (name: string, from = folder) => commandFor(join(folder, name), from, words);
    expect(found('jobsweep.config.mjs')).toEqual({ options: '', folder });
    const elsewhere = aFolder({});
    expect(found('jobsweep.config.mjs', elsewhere)).toEqual({
      options: `--config ${folder}/jobsweep.config.mjs`,
      folder: null,
    });
    expect(found('other.json')).toEqual({ options: `--config ${folder}/other.json`, folder: null });
    const { options } = found("ann's jobs.json");
    expect(execFileSync('sh', ['-c', `printf '%s|' ${options}`], { encoding: 'utf8' })).toBe(
      `--config|${folder}/ann's jobs.json|`,
    );
  });
});

describe('A config', () => {
  const mistakes = async (http: object, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const folder = aFolder({ 'jobsweep.config.mjs': inMemory({ more: `http: ${JSON.stringify(http)},` }) });
    return jobsweep(folder, ['start', '--port', '0', ...args], env);
  };
  const UNSAFE = 'http.page is true where other machines reach http.host, and there is no http.token: give a token';

  test('is refused where strangers would see the page, by the host of the command line too', async () => {
    expect(await mistakes({ host: '0.0.0.0', page: true })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(UNSAFE),
    });
    expect(await mistakes({ page: true }, ['--host', '0.0.0.0'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(UNSAFE),
    });
  });

  test('is told what is wrong with a token, and never the token', async () => {
    const { status, stderr } = await mistakes({ token: `$\{PAGE_TOKEN}` }, [], { PAGE_TOKEN: 'hunter2' });
    expect(status).toBe(2);
    expect(stderr).toContain('http.token is not usable: give 16 to 1024 printable ASCII characters');
    expect(stderr).not.toContain('hunter2');
    for (const PAGE_TOKEN of [`${TOKEN} `, ` ${TOKEN}`, `${TOKEN} \u{1f40e}`]) {
      const refused = await mistakes({ token: `$\{PAGE_TOKEN}` }, [], { PAGE_TOKEN });
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('http.token is not usable') });
    }
    const unset = await mistakes({ token: `$\{PAGE_TOKEN}` });
    expect(unset.stderr).toContain('http.token needs the environment variable PAGE_TOKEN');
  });

  test('is refused with a token that stands in it, and told where to keep it', async () => {
    for (const token of [TOKEN, `$$\{PAGE_TOKEN} and more`, `$\{PAGE_TOKEN} and more`]) {
      const { status, stderr } = await mistakes({ token }, [], { PAGE_TOKEN: 'hunter2' });
      expect(status).toBe(2);
      expect(stderr).toContain(
        `http.token is written in the config: keep it in an environment variable: '$\{JOBSWEEP_TOKEN}'.`,
      );
      expect(stderr).not.toMatch(/correct horse|hunter2/);
    }
  });
});
