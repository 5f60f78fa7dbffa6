import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startProxy, type TcpProxy } from '../src/index.js';

/** Answers what it hears, in capitals. */
const shouter = () =>
  createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        heard(bytes.toString());
        socket.write(bytes.toString().toUpperCase());
      });
  });

let server: Server;
let heard: (text: string) => void = () => undefined;
let proxy: TcpProxy;
const clients: Client[] = [];

beforeEach(async () => {
  server = shouter().listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy({ target: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}/name` });
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await proxy.close();
  server.close();
});

interface Client {
  readonly socket: Socket;
  heard: string;
  /** Resolves once it has heard this. */
  hears(text: string): Promise<void>;
}

async function aClient(): Promise<Client> {
  const socket = connect(proxy.port, '127.0.0.1');
  const client: Client = {
    socket,
    heard: '',
    async hears(text) {
      while (client.heard !== text) await once(socket, 'data');
    },
  };
  socket
    .on('error', () => undefined)
    .on('data', (bytes) => {
      client.heard += bytes.toString();
    });
  clients.push(client);
  await once(socket, 'connect');
  return client;
}

test('has the URL of its target, by another port', () => {
  expect(proxy.url).toBe(`tcp://127.0.0.1:${proxy.port}/name`);
});

test('freezes at words, also when they come in two pieces, and forwards all after it is thawed', async () => {
  const [one, other] = [await aClient(), await aClient()];
  const frozen = proxy.freezeAt(/commit(?!ted)/);
  one.socket.write('committed com');
  await one.hears('COMMITTED COM');
  one.socket.write('mit');
  await frozen;
  other.socket.write('hello');
  const late = await aClient();
  late.socket.write('late');
  proxy.thaw();
  await Promise.all([one.hears('COMMITTED COMMIT'), other.hears('HELLO'), late.hears('LATE')]);
});

test('delivers words and keeps the answer', async () => {
  const [one, other] = [await aClient(), await aClient()];
  const reached = new Promise<string>((resolve) => {
    heard = resolve;
  });
  const frozen = proxy.freezeAt(/commit/, { delivered: true });
  one.socket.write('commit');
  await frozen;
  other.socket.write('more');
  expect(await reached).toBe('commit');
  expect([one.heard, other.heard]).toEqual(['', '']);
  proxy.thaw();
  await Promise.all([one.hears('COMMIT'), other.hears('MORE')]);
});

test('drips, cuts and goes elsewhere', async () => {
  const client = await aClient();
  proxy.drip(1);
  client.socket.write('x'.repeat(200));
  await client.hears('X'.repeat(200));
  proxy.drip(0);
  const closed = once(client.socket, 'close');
  proxy.cut();
  await closed;

  const echo = createServer((socket) => void socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy.retarget({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
  const elsewhere = await aClient();
  elsewhere.socket.write('quiet');
  await elsewhere.hears('quiet');
  elsewhere.socket.destroy();
  echo.close();
});
