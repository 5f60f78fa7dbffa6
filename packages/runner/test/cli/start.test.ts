import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startProxy } from '@jobsweep/test-engines';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { aFolder, BIN, jobsweep } from './support/command.js';
import { inMemory, onPostgres } from './support/configs.js';

const database = freshDatabase('cli_start');
const silent = freshDatabase('cli_start_silent');

/** `jobsweep start`, killed at the end of the test if it is still there. */
class Started {
  readonly child: ChildProcess;
  readonly log: string[] = [];
  stdout = '';
  private readonly closed: Promise<unknown>;
  private wake: () => void = () => undefined;

  constructor(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [BIN, 'start', ...args], {
      cwd: folder,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void this.child.kill('SIGKILL'));
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.wake();
    });
    if (this.child.stderr) {
      createInterface(this.child.stderr).on('line', (line) => {
        this.log.push(line);
        this.wake();
      });
    }
    this.closed = once(this.child, 'close').then(() => this.wake());
  }

  /** Waits until `found` gives something. */
  async until<Found>(found: () => Found | undefined): Promise<Found> {
    for (;;) {
      const value = found();
      if (value !== undefined) return value;
      if (this.child.exitCode !== null) throw new Error(`It ended: ${this.stdout}${this.log.join('\n')}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  line(text: string): Promise<string> {
    return this.until(() => this.log.find((line) => line.includes(text)));
  }

  /** The JSON that it prints once it has started. */
  ready() {
    return this.until(() => {
      if (!this.stdout.endsWith('\n}\n')) return undefined;
      return JSON.parse(this.stdout) as { http: { host: string; port: number } | null; strategies: { name: string }[] };
    });
  }

  async stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    await this.closed;
    return this.child.exitCode;
  }
}

const TABLES = `
  create table jobs (
    id bigint primary key, name text, state text not null, start_time timestamptz, end_time timestamptz,
    error_msg text, exit_code text);
  create table resource_allocations (
    id bigint primary key, job_id bigint references jobs (id), status text, allocation_time timestamptz,
    released_time timestamptz);
  insert into jobs (id, name, state, start_time, end_time)
    values (1, 'report', 'COMPLETED', now() - interval '2 h', now() - interval '1 h');
  insert into resource_allocations values (11, 1, 'ALLOCATED', now() - interval '2 h', null);`;

describe('jobsweep start', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('serves, repairs on schedule, and ends well by %s', async (signal) => {
    const more = `strategies: { completed_job_cleanup: { intervalSeconds: 1 } }, runner: { jitter: 0 }`;
    const started = new Started(aFolder({ 'jobsweep.config.mjs': inMemory({ more }) }), ['--port', '0', '--json']);
    const { http, strategies } = await started.ready();
    expect(strategies.map(({ name }) => name)).toEqual([
      'completed_job_cleanup',
      'stale_reservation_cleanup',
      'stuck_job_cleanup',
    ]);
    const metrics = await fetch(`http://127.0.0.1:${http?.port}/metrics`);
    expect(await metrics.text()).toContain('# HELP jobsweep_');
    const pass = JSON.parse(await started.line('1 cleaned')) as object;
    expect(pass).toMatchObject({ level: 'info', strategy: expect.any(String), itemsCleaned: 1 });
    expect(await started.stop(signal)).toBe(0);
    expect(started.log.at(-1)).toContain('"msg":"Stopped"');
  });

  test('serves its page to this machine, and beyond it only to whoever has the token', async () => {
    const token = 'correct horse battery';
    const config = (http: object) =>
      aFolder({ 'jobsweep.config.mjs': inMemory({ more: `http: ${JSON.stringify(http)},` }) });
    const start = async (http: object, args: readonly string[] = []) => {
      const started = new Started(config(http), ['--port', '0', '--json', ...args], { PAGE_TOKEN: token });
      const { http: where } = await started.ready();
      const ask = async (path: string, headers: Record<string, string> = {}) => {
        const response = await fetch(`http://127.0.0.1:${where?.port}${path}`, { headers });
        return { status: response.status, text: await response.text() };
      };
      return { started, ask };
    };

    const [own, open, kept] = await Promise.all([
      start({}),
      start({ host: '0.0.0.0' }),
      start({ host: '0.0.0.0', token: `$\{PAGE_TOKEN}` }),
    ]);
    expect((await own.ask('/')).text).toContain('<div id="page">');
    expect((await own.ask('/api/now')).status).toBe(200);

    expect(await open.ask('/')).toMatchObject({ status: 404, text: expect.stringContaining('Ask for /healthz') });
    expect((await open.ask('/api/now')).status).toBe(404);

    for (const authorization of ['', 'Bearer wrong']) {
      expect((await kept.ask('/api/now', { authorization })).status).toBe(401);
    }
    expect((await kept.ask('/api/now', { authorization: `Bearer ${token}` })).status).toBe(200);
    // Probes know no token.
    for (const { ask } of [own, open, kept]) {
      expect((await ask('/healthz')).status).toBe(200);
      expect((await ask('/metrics')).text).toContain('# HELP jobsweep_');
    }
    for (const { started } of [own, open, kept]) {
      expect(await started.stop('SIGTERM')).toBe(0);
      expect(started.stdout + started.log.join('\n')).not.toContain(token);
    }
  });

  test('works on PostgreSQL with the own tables, which then know what was done', async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query(TABLES);
    const env = { PG_URL: database.url };
    const folder = aFolder({
      'jobsweep.config.json': onPostgres({
        runner: { claims: 'required' },
        strategies: { completed_job_cleanup: { intervalSeconds: 1 } },
      }),
    });
    expect((await jobsweep(folder, ['init', '--apply'], env)).status).toBe(0);
    const started = new Started(folder, ['--no-http', '--json'], env);
    await started.line('1 cleaned');
    expect(await started.stop('SIGTERM')).toBe(0);
    const { rows } = await client.query<{ status: string }>('select status from resource_allocations');
    await client.end();
    expect(rows).toEqual([{ status: 'RELEASED' }]);
    const history = await jobsweep(folder, ['history', '--json'], env);
    expect(JSON.parse(history.stdout)).toMatchObject({
      passes: [{ strategy: 'completed_job_cleanup', itemsCleaned: 1, note: null }],
    });
    const listed = await jobsweep(folder, ['list'], env);
    expect(listed.stdout).toMatch(/completed_job_cleanup +every 1 s +\S.* +1 rows?, (now|.+ ago)/);
  });

  test('says what it cannot do before it starts', async () => {
    const taken = new Started(aFolder({ 'jobsweep.config.mjs': inMemory() }), ['--port', '0', '--json']);
    const { http } = await taken.ready();
    const second = await jobsweep(aFolder({ 'jobsweep.config.mjs': inMemory() }), [
      'start',
      '--port',
      String(http?.port),
    ]);
    expect(second).toMatchObject({ status: 2, stdout: '' });
    expect(second.stderr).toContain(`http.port is ${http?.port}: something else listens`);
    const alone = aFolder({
      'jobsweep.config.mjs': inMemory({ initialized: false, more: `runner: { claims: 'required' }` }),
    });
    expect(await jobsweep(alone, ['start', '--no-http'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('NOT_INITIALIZED'),
    });
  });

  test('waits for a server that has no connection left, and goes on when there is room', async () => {
    const role = `full_${process.pid}_${Date.now()}`;
    const admin = new pg.Client(database.url);
    await admin.connect();
    await admin.query(`create schema ${role}; create role ${role} login password 'hush-hush' connection limit 1`);
    await admin.query(`grant all on schema ${role} to ${role}; alter role ${role} set search_path = ${role}`);
    await admin.query(`set search_path = ${role}; ${TABLES} grant all on all tables in schema ${role} to ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'hush-hush';
    const other = new pg.Client(url.href);
    await other.connect();

    const env = { PG_URL: url.href };
    const config = onPostgres({
      connection: { url: `$\{PG_URL}`, poolSize: 1 },
      strategies: { completed_job_cleanup: { intervalSeconds: 1 } },
    });
    const once = await jobsweep(aFolder({ 'jobsweep.config.json': config }), ['run'], env);
    expect(once).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^SERVER_UNAVAILABLE: too many connections/),
    });
    const started = new Started(aFolder({ 'jobsweep.config.json': config }), ['--port', '0', '--json'], env);
    const { http } = await started.ready();
    const readyz = () => fetch(`http://127.0.0.1:${http?.port}/readyz`);
    const reason = 'The database answers, and cannot do the work now (SERVER_UNAVAILABLE, 53300)';
    expect(await (await readyz()).json()).toEqual({ status: 'not ready', reason });
    await other.end();
    await started.line('1 cleaned');
    expect((await readyz()).status).toBe(200);
    expect(await started.stop('SIGTERM')).toBe(0);
    expect(started.log.join('\n')).not.toContain('hush');
    await admin.query(`drop owned by ${role} cascade; drop schema ${role} cascade; drop role ${role}`);
    await admin.end();
  });

  test('goes on asking for a database that does not answer, and does not tell its password', async () => {
    const env = { PG_URL: 'postgres://ann:hush-hush@127.0.0.1:1/x' };
    const started = new Started(aFolder({ 'jobsweep.config.json': onPostgres() }), ['--port', '0', '--json'], env);
    const { http } = await started.ready();
    const ready = await fetch(`http://127.0.0.1:${http?.port}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).not.toContain('hush');
    expect(await started.stop('SIGTERM')).toBe(0);
    expect(started.log.join('\n')).not.toContain('hush');
  });

  test('is not ready when its database says nothing any more, and ends in time nevertheless', async () => {
    const folder = (store: object) =>
      aFolder({
        'jobsweep.config.json': onPostgres({
          store,
          runner: { claims: 'off', graceSeconds: 1, jitter: 0 },
          strategies: { completed_job_cleanup: { intervalSeconds: 1 } },
        }),
      });
    /** Starts, and sees its database freeze. */
    const frozen = async (store: object) => {
      const proxy = await startProxy({ target: silent.url });
      onTestFinished(() => proxy.close());
      const started = new Started(folder(store), ['--port', '0', '--json'], { PG_URL: proxy.url });
      const { http } = await started.ready();
      const answer = async (path: string) => (await fetch(`http://127.0.0.1:${http?.port}${path}`)).status;
      await vi.waitFor(async () => expect(await answer('/readyz')).toBe(200), { timeout: 10_000 });
      await proxy.freezeAt(/select|BEGIN/);
      return { started, answer };
    };
    const stopInTime = async ({ started }: { readonly started: Started }) => {
      const beganMs = performance.now();
      expect(await started.stop('SIGTERM')).toBe(0);
      expect(performance.now() - beganMs).toBeLessThan(11_000);
    };
    const client = new pg.Client(silent.url);
    await client.connect();
    await client.query(TABLES);
    await client.end();

    const [patient, impatient] = await Promise.all([frozen({}), frozen({ statementTimeoutSeconds: 0.5 })]);
    await Promise.all([
      stopInTime(patient),
      (async () => {
        await vi.waitFor(async () => expect(await impatient.answer('/readyz')).toBe(503), { timeout: 15_000 });
        expect(await impatient.answer('/healthz')).toBe(200);
        await stopInTime(impatient);
      })(),
    ]);
  });
});
