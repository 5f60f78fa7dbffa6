import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const MAX_CONNECTIONS = 256;

/**
 * Keeps room for probes, whoever holds connections and sends nothing, or a byte at a time: every connection is taken, and
 * where there are enough one ends. It is one of the address that has most of them, the oldest that waits for no answer:
 * whoever opens many ends their own, and a probe, which is answered in moments, is not the oldest.
 */
export function limitConnections(server: Server): void {
  const open = new Map<Socket, string | undefined>();
  const waiting = new Set<Socket>();
  server.on('connection', (socket) => {
    if (open.size >= MAX_CONNECTIONS) {
      const ofMost = ofBusiestAddress(open);
      const ended = ofMost.find((one) => !waiting.has(one)) ?? ofMost[0];
      ended?.destroy();
      if (ended !== undefined) open.delete(ended);
    }
    open.set(socket, socket.remoteAddress);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }, response: ServerResponse) => {
    waiting.add(socket);
    response.once('close', () => waiting.delete(socket));
  });
}

/** The oldest first. */
function ofBusiestAddress(open: ReadonlyMap<Socket, string | undefined>): Socket[] {
  const byAddress = new Map<string | undefined, Socket[]>();
  for (const [socket, address] of open) byAddress.set(address, [...(byAddress.get(address) ?? []), socket]);
  return [...byAddress.values()].reduce((most, other) => (other.length > most.length ? other : most), []);
}
