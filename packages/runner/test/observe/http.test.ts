import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type Server,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { MemoryDatabase, memoryStore } from '@jobsweep/core/memory';
import { createDashboard } from '@jobsweep/dashboard';
import { afterEach, describe, expect, test } from 'vitest';
import { dashboardSource } from '../../src/index.js';
import { createMetrics, type HttpOptions, type HttpServer, serveHttp } from '../../src/observe/index.js';
import { aState, fakeRunner } from '../support/fake-runner.js';
import { recordingLogger } from '../support/fakes.js';

const open: HttpServer[] = [];

async function served(options: HttpOptions = {}) {
  const fake = fakeRunner();
  const server = await serveHttp(fake.runner, { port: 0, ...options });
  open.push(server);
  return {
    ...fake,
    server,
    ask: (path: string, how: RequestOptions = {}, body?: string) => ask(server, path, how, body),
  };
}

async function ask({ port }: HttpServer, path: string, options: RequestOptions, body?: string) {
  const asked = httpRequest({ host: '127.0.0.1', port, path, ...options });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += String(part);
  return { status: response.statusCode, headers: response.headers, text };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

describe('/healthz', () => {
  test('is 200 while the loop turns, also where the database is away', async () => {
    const { ask, be } = await served();
    be({ isReady: false, notReadyReason: 'The database is away' });
    expect(await ask('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}\n' });
  });

  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  test('is 503 when nothing runs and every planned turn is more than five minutes late', async () => {
    const { ask, be } = await served();
    be({ strategies: [aState('a', { nextRunAt: minutesAgo(6) }), aState('b', { nextRunAt: minutesAgo(7) })] });
    expect(await ask('/healthz')).toMatchObject({ status: 503, text: expect.stringContaining('"hung"') });
  });

  test('is 503 when a turn is overdue, also while the database is away, and says which', async () => {
    const { ask, be } = await served();
    const overdue = aState('a', { isRunning: true, runningSince: new Date(0), isOverdue: true });
    be({ isReady: false, strategies: [overdue, aState('b', { isRunning: true })] });
    const { status, text } = await ask('/healthz');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      status: 'hung',
      reason: 'The turn of a runs since 1970-01-01T00:00:00.000Z, longer than its timeout allows',
    });
  });

  test.each([
    ['a turn runs', { strategies: [aState('a', { isRunning: true, nextRunAt: minutesAgo(60) })] }],
    [
      'one turn is not late',
      { strategies: [aState('a', { nextRunAt: minutesAgo(60) }), aState('b', { nextRunAt: minutesAgo(1) })] },
    ],
    ['the database is away', { isReady: false, strategies: [aState('a', { nextRunAt: minutesAgo(60) })] }],
    ['none is planned', { strategies: [aState('a')] }],
    ['it stops', { state: 'stopping', strategies: [aState('a', { nextRunAt: minutesAgo(60) })] }],
  ] as const)('is 200 when %s', async (_why, status) => {
    const { ask, be } = await served();
    be(status);
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });
});

describe('/readyz', () => {
  test('is 200 while the runner runs and its database answers', async () => {
    const { ask } = await served();
    const { status, text, headers } = await ask('/readyz');
    expect({ status, text }).toEqual({ status: 200, text: '{"status":"ready"}\n' });
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  });

  test.each([
    [{ state: 'idle' }, 'The runner is not started'],
    [{ state: 'stopping' }, 'The runner is stopping'],
    [{ isReady: false }, 'The database has not answered yet'],
    [{ isReady: false, notReadyReason: 'ECONNREFUSED' }, 'ECONNREFUSED'],
  ] as const)('is 503 with the reason: %o', async (status, reason) => {
    const { ask, be } = await served();
    be(status);
    const answer = await ask('/readyz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toEqual({ status: 'not ready', reason });
  });

  test('never shows a password', async () => {
    const { ask, be } = await served();
    be({ isReady: false, notReadyReason: 'Cannot reach postgres://ann:geheim@db/cluster' });
    const { text } = await ask('/readyz');
    expect(text).toContain('postgres://ann:***@db/cluster');
    expect(text).not.toContain('geheim');
  });
});

describe('/metrics', () => {
  test('is what the metrics of the runner are', async () => {
    const metrics = createMetrics(fakeRunner().runner);
    const { ask } = await served({ metrics });
    const answer = await ask('/metrics?name=x');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': metrics.contentType } });
    expect(answer.text).toBe(await metrics.metrics());
  });

  test('does not exist without metrics', async () => {
    const { ask } = await served();
    expect(await ask('/metrics')).toMatchObject({ status: 404, text: 'Ask for /healthz, /readyz\n' });
  });

  test('is 500 without details when it fails, and the log has them', async () => {
    const logger = recordingLogger();
    const metrics = { contentType: 'text/plain', metrics: () => Promise.reject(new Error('a detail')) };
    const { ask } = await served({ metrics, logger });
    const answer = await ask('/metrics');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('a detail');
    expect(logger.lines).toEqual(['error /metrics could not be answered: a detail']);
  });
});

describe('The server', () => {
  test('knows no other path, no other method than GET and HEAD, and reads no body', async () => {
    const { ask } = await served();
    expect(await ask('/')).toMatchObject({ status: 404, headers: { connection: 'close' } });
    expect(await ask('/healthz/x')).toMatchObject({ status: 404 });
    expect(await ask('/healthz', { method: 'POST' }, 'x')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
    expect(await ask('/healthz', { method: 'GET', headers: { 'content-length': 1 } }, 'x')).toMatchObject({
      status: 413,
    });
    const head = await ask('/healthz', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '16' } });
  });

  test('listens on this machine only, unless told otherwise', async () => {
    const { server } = await served();
    expect(server.host).toBe('127.0.0.1');
    const { ask } = await served({ host: '0.0.0.0' });
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });

  test('says which port is in use and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(served({ port })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: `http.port is ${port}: something else listens on 127.0.0.1:${port}. Stop it or choose another port.`,
    });
    other.close();
  });

  test.each([
    [{ host: '192.0.2.1' }, /^http\.host is '192\.0\.2\.1': no address of this machine/],
    [{ port: 65_536 }, /^http\.port is 65536: /],
    [{ port: 1.5 }, /^http\.port is 1\.5: /],
  ])('refuses %o', async (options, message) => {
    await expect(served(options)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });

  test('goes on, and says so, when a connection cannot be accepted', async () => {
    const logger = recordingLogger();
    const { ask } = await served({ logger });
    const servers: Server[] = [];
    const onRequest = (message: unknown) => void servers.push((message as { readonly server: Server }).server);
    subscribe('http.server.request.start', onRequest);
    await ask('/healthz');
    unsubscribe('http.server.request.start', onRequest);
    for (const server of servers) server.emit('error', new Error('accept EMFILE'));
    expect(logger.lines).toEqual(['error A connection to the health checks failed: accept EMFILE']);
    expect((await ask('/healthz')).status).toBe(200);
  });

  test('closes at once, with connections open, and may be closed twice', async () => {
    const { server } = await served();
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const gone = once(socket, 'close');
    await Promise.all([server.close(), server.close()]);
    await server.close();
    await gone;
    const again = await served({ port: server.port });
    expect(again.server.port).toBe(server.port);
  });
});

describe('a page', () => {
  const page = async (request: Request) =>
    new Response(`${request.method} ${request.url} ${request.headers.get('x-one')}`, {
      status: 203,
      headers: { 'Content-Security-Policy': "default-src 'none'", 'Cache-Control': 'private' },
    });

  test('answers all paths that are not taken, with what it says of its answer', async () => {
    const { ask, server } = await served({ page });
    const { status, text, headers } = await ask('/any/path?x=1', { headers: { 'x-one': 'yes' } });
    expect([status, text]).toEqual([203, `GET http://127.0.0.1:${server.port}/any/path?x=1 yes`]);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'",
      'cache-control': 'private',
      'x-content-type-options': 'nosniff',
    });
    expect((await ask('/healthz')).text).toBe('{"status":"ok"}\n');
  });

  test('has the length of its answer for HEAD too, and nothing else of it', async () => {
    const dashboard = createDashboard(dashboardSource(memoryStore(new MemoryDatabase()), []), {
      authorize: () => true,
    });
    const { ask } = await served({ page: dashboard });
    for (const path of ['/', '/nothing']) {
      const [whole, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
      expect([head.status, head.text]).toEqual([whole.status, '']);
      expect(Number(head.headers['content-length'])).toBe(Buffer.byteLength(whole.text));
      expect(head.headers['content-length']).not.toBe('0');
    }
  });

  test.each([
    ['POST', '/', {}, 405],
    ['GET', '/', { 'content-length': '2' }, 413],
    ['GET', '/', { host: 'a b' }, 400],
    ['GET', '/', { host: 'evil.example/x?' }, 400],
  ])('is not asked by %s %s with %j', async (method, path, headers, status) => {
    let asked = 0;
    const { ask } = await served({
      page: async () => {
        asked += 1;
        return new Response('');
      },
    });
    expect(
      (await ask(path, { method, headers }, method === 'GET' && 'content-length' in headers ? 'ab' : undefined)).status,
    ).toBe(status);
    expect(asked).toBe(0);
  });
});
