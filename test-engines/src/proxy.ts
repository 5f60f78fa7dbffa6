import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** A way to a server that a test can spoil. Faults are for connections that are open and for those to come. */
export interface TcpProxy {
  /** The target's URL, by this way. MongoDB's drivers are told to ask no member of the replica set for another one. */
  readonly url: string;
  readonly port: number;
  /** Forwards nothing any more in either direction. Connections stay open, new ones are taken, and nobody answers. */
  freeze(): void;
  /**
   * Freezes when words come from a client. Resolves when it has.
   *
   * @param delivered whether the server still gets the words, so that only its answer is missing. Default: `false`.
   * @example
   * const frozen = proxy.freezeAt(/COMMIT(?!TED)/, { delivered: true });
   */
  freezeAt(words: RegExp, options?: { readonly delivered?: boolean }): Promise<void>;
  /** Calls this with each piece of what clients send, just before it is forwarded. */
  onSent(heard: ((text: string) => void) | undefined): void;
  /** Forwards again, first what was held back; that of clients who have left too. */
  thaw(): void;
  /** Forwards a few bytes at a time, each piece after a pause; 0: as they come. */
  drip(pauseMs: number): void;
  /** Ends what is open. */
  cut(): void;
  /** Where new connections go. The open ones stay where they are. */
  retarget(target: { readonly host: string; readonly port: number }): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startProxy({ target }: { readonly target: string }): Promise<TcpProxy> {
  const url = new URL(target);
  let upstreamAt = { host: url.hostname, port: Number(url.port) };
  const sockets = new Set<Socket>();
  const gate = new Gate();

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ ...upstreamAt, allowHalfOpen: true });
    for (const [from, into] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(from);
      from.pipe(gate.stream(from === client)).pipe(into);
      from.on('error', () => undefined);
      from.on('close', (isBroken) => {
        sockets.delete(from);
        if (isBroken) void gate.opened.then(() => into.destroy());
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const { port } = server.address() as AddressInfo;
  url.hostname = '127.0.0.1';
  url.port = String(port);
  if (url.protocol === 'mongodb:') {
    url.searchParams.delete('replicaSet');
    url.searchParams.set('directConnection', 'true');
  }
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    ...{ url: url.href, port, cut },
    freeze: () => gate.shut(),
    freezeAt: (words, { delivered = false } = {}) => gate.shutAt(words, delivered),
    onSent(heard) {
      gate.heard = heard;
    },
    thaw: () => gate.open(),
    drip(pauseMs) {
      gate.pauseMs = pauseMs;
    },
    retarget(next) {
      upstreamAt = next;
    },
    async close() {
      gate.open();
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Words may come in two packets: so much of the one before is looked at again. */
const CARRY_BYTES = 64;
const DRIP_BYTES = 64;

/** What all bytes pass, in both directions. */
class Gate {
  /** Resolves when it is open. */
  opened = Promise.resolve();
  pauseMs = 0;
  heard: ((text: string) => void) | undefined;
  private release: (() => void) | undefined;
  private watch: { readonly words: RegExp; readonly delivered: boolean; readonly noticed: () => void } | undefined;

  open(): void {
    this.release?.();
    this.release = undefined;
  }

  shut(): void {
    if (this.release !== undefined) return;
    this.opened = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  shutAt(words: RegExp, delivered: boolean): Promise<void> {
    return new Promise((noticed) => {
      this.watch = { words, delivered, noticed };
    });
  }

  /** One direction of a connection. */
  stream(isFromClient: boolean): Transform {
    let carried = '';
    const forward = async (bytes: Buffer) => {
      const text = carried + bytes.toString('latin1');
      carried = text.slice(-CARRY_BYTES);
      if (!(isFromClient && this.notices(text))) await this.opened;
      if (isFromClient) this.heard?.(text);
      const pieceBytes = this.pauseMs > 0 ? DRIP_BYTES : bytes.length;
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        if (this.pauseMs > 0) await delay(this.pauseMs).then(() => this.opened);
        stream.push(bytes.subarray(at, at + pieceBytes));
      }
    };
    const stream: Transform = new Transform({
      transform: (bytes: Buffer, _encoding, done) => void forward(bytes).then(() => done(), done),
      // The end of a connection is held back as well.
      flush: (done) => void this.opened.then(() => done()),
    });
    return stream;
  }

  /** Shuts where the words are those that are waited for. Returns whether they pass nevertheless. */
  private notices(text: string): boolean {
    if (this.watch?.words.test(text) !== true) return false;
    const { delivered, noticed } = this.watch;
    this.watch = undefined;
    this.shut();
    noticed();
    return delivered;
  }
}
