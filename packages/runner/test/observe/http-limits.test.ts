import { EventEmitter, once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HttpOptions, type HttpServer, serveHttp } from '../../src/observe/index.js';
import { fakeRunner } from '../support/fake-runner.js';

async function served(options: HttpOptions = {}): Promise<HttpServer> {
  const server = await serveHttp(fakeRunner().runner, { port: 0, ...options });
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

const severalConnected = (server: HttpServer, localAddress: string, length: number) =>
  Promise.all(Array.from({ length }, () => connected(server, localAddress)));

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

  test('answers probes of an address that holds all connections it can have, and keeps what waits for an answer', async () => {
    const begun = new EventEmitter();
    const page = async () => {
      begun.emit('asked');
      const [response] = (await once(begun, 'answer')) as [Response];
      return response;
    };
    const server = await served({ page });
    const isAsked = once(begun, 'asked');
    const asked = httpRequest({ host: '127.0.0.1', port: server.port, path: '/', agent: false }).end();
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    await isAsked;
    const idle: Socket[] = [];
    for (let count = 0; count < 300; count += 1) idle.push(await connected(server));
    expect(await probe(server)).toBe(200);
    await expect.poll(() => idle.filter(({ closed }) => !closed).length).toBeLessThan(256);
    begun.emit('answer', new Response('late'));
    expect((await answered)[0].statusCode).toBe(200);
  });

  // Other systems have no second loopback address unless somebody adds it.
  test.runIf(process.platform === 'linux')(
    'ends connections of the address that has most of them, and of no other',
    async () => {
      const server = await served();
      const few = await severalConnected(server, '127.0.0.2', 16);
      const many = await severalConnected(server, '127.0.0.3', 300);
      for (const byte of 'GET /') {
        for (const socket of [...few, ...many].filter(({ closed }) => !closed)) socket.write(byte);
        expect(await probe(server)).toBe(200);
      }
      expect(few.filter(({ closed }) => closed)).toEqual([]);
      expect(many.filter(({ closed }) => !closed).length).toBeGreaterThan(200);
    },
  );
});
