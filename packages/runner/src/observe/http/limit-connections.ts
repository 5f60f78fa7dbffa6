import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const MAX_FROM_ONE_ADDRESS = 16;
const MAX_IN_ALL = 100;

/**
 * Keeps room for probes, whoever holds connections and sends nothing, or a byte at a time: an address that has enough of
 * them gets no more, and where there are enough in all the oldest ends. An answer takes moments, so that one is waiting.
 */
export function limitConnections(server: Server): void {
  const open = new Map<Socket, string | undefined>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress;
    const fromThere = [...open.values()].filter((one) => one === address).length;
    if (fromThere >= MAX_FROM_ONE_ADDRESS) {
      socket.destroy();
      return;
    }
    const [oldest] = open.keys();
    if (oldest !== undefined && open.size >= MAX_IN_ALL) {
      open.delete(oldest);
      oldest.destroy();
    }
    open.set(socket, address);
    socket.once('close', () => open.delete(socket));
  });
}
