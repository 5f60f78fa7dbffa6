import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the server that a test can cut off. */
export interface CutOff {
  /** The database's url, by this way alone. */
  readonly url: string;
  /** Ends what is open; whoever tries again gets through. */
  cut(): void;
  /** The same when the next command of this name comes along. */
  cutAt(command: string): void;
  /** Lets the next words through to the server, and no answer back: whoever tries again is turned away. */
  cutTheAnswer(): void;
  close(): Promise<void>;
}

export async function cutOffWayTo(databaseUrl: string): Promise<CutOff> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  let isMute = false;
  let cutAt: string | undefined;
  const cut = () => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  const server = createServer((client) => {
    if (isMute) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [[client, upstream] as const, [upstream, client] as const]) {
      open.add(from);
      from.on('data', (words) => {
        if (cutAt !== undefined && from === client && words.includes(cutAt)) {
          cutAt = undefined;
          cut();
        } else if (isMute && from === upstream) client.destroy();
        else to.write(words);
      });
      from.on('error', () => undefined).on('close', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';
  url.searchParams.delete('replicaSet');
  url.searchParams.set('directConnection', 'true');
  url.searchParams.set('serverSelectionTimeoutMS', '500');
  return {
    url: url.href,
    cut,
    cutAt(command) {
      cutAt = command;
    },
    cutTheAnswer() {
      isMute = true;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
