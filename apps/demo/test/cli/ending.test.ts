import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { databasesOfRun } from '../support/databases.js';
import { Demo } from '../support/demo.js';
import { temporaryFolder } from '../support/files.js';
import { sampleLog } from '../support/logs.js';
import { allEnded, descendants, isRunning } from '../support/processes.js';

// Each run of the command starts a database, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000 });

const folder = temporaryFolder();
/** A pass takes seconds. */
const MANY = ['--rows', '100000', '--purge'];
/** What comes after the import takes long enough for a signal. */
const SOME = ['--rows', '40000', '--purge'];
const SERVER_FOLDER = /(\/\S*jobsweep-[a-z]+-\w+)\/data/;

const OTHERS = databasesOfRun().filter((database) => database !== 'postgres');

/** What the embedded server consists of while the demo runs: processes and a folder. */
function serverOf(demo: Demo) {
  const processes = descendants(demo.pid);
  const place = processes.map(({ command }) => SERVER_FOLDER.exec(command)?.[1]).find((found) => found !== undefined);
  if (place === undefined) throw new Error('the server has no folder');
  return { pids: processes.map(({ pid }) => pid), place };
}

describe('a signal', () => {
  test.each([
    ['while it imports', 'PostgreSQL', 'SIGINT', 130, 'postgres'],
    ['after the import', 'Log', 'SIGTERM', 143, 'postgres'],
    ['in the middle of the pass', 'Damage', 'SIGINT', 130, 'postgres'],
    ...OTHERS.map((database) => [`while it imports into ${database}`, 'through', 'SIGINT', 130, database] as const),
  ] as const)('%s stops it cleanly', async (_, text, signal, status, database) => {
    const demo = new Demo([...MANY, '--database', database]);
    await demo.printed(text);
    const { pids, place } = serverOf(demo);
    expect(existsSync(place)).toBe(true);
    demo.kill(signal);
    demo.kill(signal);
    const ended = await demo.end();
    expect(ended).toMatchObject({ status, stderr: 'Stopped. Nothing was left behind.\n' });
    expect(existsSync(place)).toBe(false);
    await allEnded(pids);
  });

  test('while a server keeps it waiting ends it, whatever the server does', async () => {
    const connections = createServer();
    await new Promise<void>((resolve) => connections.listen(0, '127.0.0.1', resolve));
    const { port } = connections.address() as AddressInfo;
    const connected = once(connections, 'connection') as Promise<[Socket]>;
    const demo = new Demo(MANY, { PG_URL: `postgres://me@127.0.0.1:${port}/db` });
    const [socket] = await connected;
    const letGo = once(
      socket.resume().on('error', () => undefined),
      'close',
    );
    demo.kill('SIGINT');
    expect(await demo.end()).toMatchObject({ status: 130, stdout: '', stderr: 'Stopped. Nothing was left behind.\n' });
    await letGo;
    connections.close();
  });
});

test('a reader that goes away ends it without a word', async () => {
  const demo = new Demo(SOME);
  await demo.printed('PostgreSQL');
  const { pids, place } = serverOf(demo);
  demo.closeOutput();
  expect(await demo.end()).toMatchObject({ status: 141, stderr: '' });
  expect(existsSync(place)).toBe(false);
  await allEnded(pids);
});

test('a reader that goes away during the help is no error', async () => {
  const demo = new Demo(['--help']);
  demo.closeOutput();
  expect(await demo.end()).toMatchObject({ status: 0, stderr: '' });
});

describe('--keep', () => {
  let place: string | undefined;
  let pid: number | undefined;
  let pagePid: number | undefined;

  afterEach(async () => {
    if (pagePid !== undefined && isRunning(pagePid)) process.kill(pagePid, 'SIGTERM');
    if (pid !== undefined && isRunning(pid)) process.kill(pid, 'SIGQUIT');
    if (place !== undefined) await rm(place, { recursive: true, force: true });
  });

  test('leaves the database up, with a runner and its page, and says how to stop them', async () => {
    const demo = new Demo(['--keep', '--trace', await folder.write('log.swf', sampleLog(50))]);
    const { status, stdout, stderr } = await demo.end();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, url = ''] = /^ {2}(postgres:\S+)$/m.exec(stdout) ?? [];
    const [, shownPage, shownPid, shownPlace] =
      /^ {2}kill (\d+); kill -QUIT (\d+);.* rm -rf '(\S+)'$/m.exec(stdout) ?? [];
    pagePid = Number(shownPage);
    pid = Number(shownPid);
    place = shownPlace;
    expect(isRunning(pid)).toBe(true);
    expect(existsSync(place ?? '')).toBe(true);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    expect((await client.query('SELECT count(*)::int AS jobs FROM jobs')).rows).toEqual([{ jobs: 380 }]);
    await client.end();
    // The last line.
    const [, address = ''] = /\n {2}(http:\S+)\n$/.exec(stdout) ?? [];
    const page = await fetch(`${address}api/now`);
    expect(await page.json()).toMatchObject({
      isInitialized: true,
      passes: expect.arrayContaining([expect.objectContaining({ strategy: 'completed_job_cleanup' })]),
    });
    process.kill(pagePid, 'SIGTERM');
    await allEnded([pagePid]);
    await expect(fetch(address)).rejects.toThrow();
  });

  test('keeps nothing of a run that was stopped', async () => {
    const demo = new Demo(['--keep', ...SOME]);
    await demo.printed('Log');
    const { pids, place: own } = serverOf(demo);
    demo.kill('SIGINT');
    expect(await demo.end()).toMatchObject({ status: 130 });
    expect(existsSync(own)).toBe(false);
    await allEnded(pids);
  });
});
