import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What went over the wire. */
interface Traffic {
  readonly bytes: number;
  readonly roundTrips: number;
}

/** A way to a SQL server that counts what goes through it. */
export interface Tap {
  /** The server's URL, by this way. */
  readonly url: string;
  /** Of all connections so far. */
  traffic(): Traffic;
  close(): Promise<void>;
}

/** Messages of PostgreSQL's clients that are answered at once: a query, and the end of a statement with values. */
const ANSWERED = new Set(['Q', 'S']);

export async function startTap(target: string): Promise<Tap> {
  const url = new URL(target);
  const [host, port, isMysql] = [url.hostname, Number(url.port), url.protocol === 'mysql:'];
  const sockets = new Set<Socket>();
  let [bytes, roundTrips] = [0, 0];
  const server = createServer((client) => {
    const upstream = connect({ host, port });
    const count = isMysql ? mysqlCommands() : postgresMessages();
    client.on('data', (chunk) => {
      roundTrips += count(chunk);
    });
    for (const [from, into] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(from);
      from.on('data', (chunk) => {
        bytes += chunk.length;
      });
      from.on('error', () => into.destroy());
      from.pipe(into);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    traffic: () => ({ bytes, roundTrips }),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Counts the messages that are answered. The first one, which asks to be let in, has no type. */
function postgresMessages(): (chunk: Buffer) => number {
  let isFirst = true;
  return packets(5, (head) => {
    const typeBytes = isFirst ? 0 : 1;
    const bytes = typeBytes + head.readUInt32BE(typeBytes);
    const counts = !isFirst && ANSWERED.has(head.toString('latin1', 0, 1));
    isFirst = false;
    return { bytes, counts };
  });
}

/** Counts the packets that begin a command: those that are number 0 of their conversation. */
const mysqlCommands = (): ((chunk: Buffer) => number) =>
  packets(4, (head) => ({ bytes: 4 + head.readUIntLE(0, 3), counts: head[3] === 0 }));

/** Cuts a stream into packets, however it comes, and counts some of them by their heads. */
function packets(
  headBytes: number,
  read: (head: Buffer) => { readonly bytes: number; readonly counts: boolean },
): (chunk: Buffer) => number {
  let head = Buffer.alloc(0);
  let toSkip = 0;
  return (chunk) => {
    let counted = 0;
    for (let at = 0; at < chunk.length; ) {
      if (toSkip > 0) {
        const skipped = Math.min(toSkip, chunk.length - at);
        toSkip -= skipped;
        at += skipped;
        continue;
      }
      const part = chunk.subarray(at, at + headBytes - head.length);
      head = Buffer.concat([head, part]);
      at += part.length;
      if (head.length < headBytes) continue;
      const { bytes, counts } = read(head);
      toSkip = bytes - headBytes;
      counted += counts ? 1 : 0;
      head = Buffer.alloc(0);
    }
    return counted;
  };
}
