import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { query } from './query.js';

const UP = fileURLToPath(new URL('../dist/up.js', import.meta.url));

/** The command, running, without the servers that the environment names. */
function up(ENGINES: string, PG_URL?: string) {
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, ENGINES, ...(PG_URL && { PG_URL }) };
  return spawn(process.execPath, [UP], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

it('prints a URL of each server as a shell takes it, and ends all of them with itself', async () => {
  const running = up('postgres,mariadb');
  const urls: Record<string, string> = {};
  for await (const line of createInterface({ input: running.stdout })) {
    const [, variable = '', url = ''] = /^export (\w+)='(\S+)'$/.exec(line) ?? [];
    if (url !== '') urls[variable] = url;
    else expect(line).toMatch(/^(#|$)/);
    if (line.includes('Ctrl-C')) break;
  }
  expect(Object.keys(urls)).toEqual(['PG_URL', 'MARIADB_URL']);
  const { PG_URL = '' } = urls;
  expect(await query(PG_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  running.kill('SIGINT');
  expect(await once(running, 'exit')).toEqual([0, null]);
  await expect(query(PG_URL, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
});

it.each([
  ['oracle', undefined, /^ENGINES names "oracle": choose from .+\n$/],
  ['postgres', 'postgres://me@127.0.0.1:1/db', /^Cannot use PG_URL .+\n$/],
])('says in one line what is wrong with %s', async (engines, url, line) => {
  const running = up(engines, url);
  const said = running.stderr.toArray();
  expect(await once(running, 'exit')).toEqual([1, null]);
  expect(Buffer.concat((await said) as Buffer[]).toString()).toMatch(line);
});
