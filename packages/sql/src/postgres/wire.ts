import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ANSWER_SECONDS } from '@jobsweep/core';
import type { Bound } from '../driver/sql.js';
import type { Wire } from '../wire.js';

/** The parts of a `pg` client that say where it is connected, and as whom. */
interface PgClient {
  on?(event: 'error', listener: () => void): void;
  readonly host?: string;
  readonly port?: number;
  readonly processID?: number | null;
  readonly secretKey?: number | null;
  /** Whether nothing is under way on it. */
  readonly readyForQuery?: boolean;
  /** Since 8.18. What the server's last answer said of the transaction: `T` for one that is open and has not failed. */
  getTransactionStatus?(): string | null;
  escapeLiteral(text: string): string;
  readonly connection?: { readonly stream?: Pick<Socket, 'destroy'> };
}

/** Whether the driver knows that an open transaction has not failed. Where it does not, the server can be asked. */
export function isWhole(raw: object): boolean {
  const client = raw as PgClient;
  return client.readyForQuery === true && client.getTransactionStatus?.() === 'T';
}

/** A value as the driver would bind it, a text of which the place tells the type, as a literal. */
export function literalOf(raw: object, value: Bound): string {
  if (value === null) return 'null';
  const element = (text: string | null) => (text === null ? 'null' : `"${text.replaceAll(/["\\]/g, '\\$&')}"`);
  const text = typeof value === 'object' ? `{${value.map(element).join(',')}}` : String(value);
  return (raw as PgClient).escapeLiteral(text);
}

const CANCEL_REQUEST = 80_877_102;

export const postgresWire: Wire = {
  destroy(raw) {
    const client = raw as PgClient;
    // It complains about its end, and pools let nobody listen to a client that is out.
    client.on?.('error', () => undefined);
    client.connection?.stream?.destroy();
  },

  /**
   * The protocol's CancelRequest: by the secret of this very connection, which a pooler in between knows too, on a socket of
   * its own that the server closes when it has read it. Without TLS, as libpq sends it: nothing but ids is said.
   */
  async cancel({ raw }) {
    const { host = '', port = 5432, processID, secretKey } = raw as PgClient;
    if (typeof processID !== 'number' || typeof secretKey !== 'number') throw new Error('The connection has no secret');
    const request = Buffer.alloc(16);
    for (const [index, word] of [request.length, CANCEL_REQUEST, processID, secretKey].entries()) {
      request.writeInt32BE(word, index * 4);
    }
    const socket = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
    socket.setTimeout(ANSWER_SECONDS * 1000, () => socket.destroy());
    socket.end(request);
    socket.resume();
    await once(socket, 'close');
  },
};
