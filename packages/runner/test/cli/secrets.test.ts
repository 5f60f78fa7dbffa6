import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redactor } from '../../src/cli/output/redact.js';
import { aFolder, jobsweep } from './support/command.js';
import { inMemory, onPostgres } from './support/configs.js';

const SECRET = 'hush/hush@42';
const COMMANDS = ['init --apply', 'doctor', 'list', 'plan', 'run', 'run --verbose', 'history'].flatMap((line) => [
  line,
  `${line} --json`,
]);

/** Answers every connection with an error that repeats what it was told, as a server or proxy might. */
const server = createServer((socket) => {
  const fields = [
    'SFATAL',
    'VFATAL',
    'C28P01',
    `Mno luck with postgres://ann:${encodeURIComponent(SECRET)}@db/x and ${SECRET}`,
    '',
  ];
  const body = Buffer.from(`${fields.join('\0')}\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), length, body])));
  socket.on('error', () => undefined);
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

describe('A password', () => {
  test.each(COMMANDS)('stays hidden in what `jobsweep %s` says of a connection that fails', async (line) => {
    const port = (server.address() as AddressInfo).port;
    const env = { PG_URL: `postgres://ann:${encodeURIComponent(SECRET)}@127.0.0.1:${port}/x` };
    const folder = aFolder({ 'jobsweep.config.json': onPostgres() });
    const { status, stdout, stderr } = await jobsweep(folder, line.split(' '), env);
    expect(status).toBe(1);
    expect(stderr).toContain('no luck with postgres://ann:***@db/x and ***');
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stdout + stderr).not.toContain(encodeURIComponent(SECRET));
  });

  test('stays hidden in what a config throws', async () => {
    const config = `export default { open() { throw new Error('cannot reach postgres://ann:${SECRET}@db/x') } }`;
    const { status, stderr } = await jobsweep(aFolder({ 'jobsweep.config.mjs': config }), ['plan']);
    expect(status).toBe(1);
    expect(stderr).toBe('Error: cannot reach postgres://ann:***@db/x\n');
  });

  test('stays hidden in rows and texts of the database', async () => {
    const wrap = `Object.assign({}, store, { inspect: { ...store.inspect, totals: async () => { throw new Error('login ${SECRET}') } } })`;
    const folder = aFolder({ 'jobsweep.config.mjs': inMemory({ wrap }) });
    const env = { PGPASSWORD: SECRET };
    const outputs = await Promise.all([jobsweep(folder, ['plan'], env), jobsweep(folder, ['plan', '--json'], env)]);
    for (const { stdout } of outputs) {
      expect(stdout).toContain('login ***');
      expect(stdout).not.toContain(SECRET);
    }
  });
});

describe('The redactor', () => {
  test.each([
    ['a URL nobody told it of', {}, 'at mysql://a:b@h/d', 'at mysql://a:***@h/d'],
    ['a password of the config', { connection: { password: 'geheim1' } }, 'no geheim1!', 'no ***!'],
    ['a password in a URL, decoded', { url: 'postgres://a:p%40q@h/d' }, 'tried p@q and p%40q', 'tried *** and ***'],
    ['not a part of a longer word', { password: 'job' }, 'jobs and job_id', 'jobs and job_id'],
    [
      'not a name that is also a password',
      { url: 'postgres://postgres:postgres@h/d' },
      'user postgres',
      'user postgres',
    ],
    [
      'but still in its URL',
      { url: 'postgres://postgres:postgres@h/d' },
      'postgres://postgres:postgres@h/d',
      'postgres://postgres:***@h/d',
    ],
  ])('hides %s', (_, config, text, expected) => {
    const redactor = new Redactor();
    redactor.learn(config);
    expect(redactor.text(text)).toBe(expected);
  });
});
