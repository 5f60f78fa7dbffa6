import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HttpServer, serveHttp } from '../../src/observe/index.js';
import { fakeRunner } from '../support/fake-runner.js';

async function served(): Promise<HttpServer> {
  const server = await serveHttp(fakeRunner().runner, { port: 0 });
  onTestFinished(() => server.close());
  return server;
}

async function connected({ port }: HttpServer, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  // A connection that the server ends may be reset under what was written to it.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket.resume();
}

const severalConnected = (server: HttpServer, localAddress: string) =>
  Promise.all(Array.from({ length: 16 }, () => connected(server, localAddress)));

async function probe({ port }: HttpServer, localAddress = '127.0.0.1') {
  const asked = httpRequest({ host: '127.0.0.1', port, localAddress, path: '/healthz', agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('The server of the health checks', () => {
  test('ends a request whose headers take longer than 5 seconds', { timeout: 10_000 }, async () => {
    const socket = await connected(await served());
    socket.write('GET /healthz HTTP/1.1\r\nHost: ');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('408 Request Timeout');
  });

  test('takes 16 connections from one address, and more once one of them has ended', async () => {
    const server = await served();
    const [first] = await severalConnected(server, '127.0.0.1');
    const refused = await connected(server);
    if (!refused.closed) await once(refused, 'close');
    first?.destroy();
    await expect.poll(() => probe(server).catch(() => 'refused')).toBe(200);
  });

  // Other systems have no second loopback address unless somebody adds it.
  test.runIf(process.platform === 'linux')('answers others beside more than 100 slow connections', async () => {
    const server = await served();
    const addresses = [2, 3, 4, 5, 6, 7, 8].map((last) => `127.0.0.${last}`);
    const slow = (await Promise.all(addresses.map((address) => severalConnected(server, address)))).flat();
    for (const byte of 'GET /') {
      for (const socket of slow) socket.write(byte);
      expect(await probe(server)).toBe(200);
    }
    expect(slow.filter(({ closed }) => !closed).length).toBeGreaterThan(90);
  });
});
