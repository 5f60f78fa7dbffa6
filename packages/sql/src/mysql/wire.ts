import { sql } from '../driver/sql.js';
import type { SqlSession } from '../library.js';
import type { Wire } from '../wire.js';

/** The parts of a connection of `mysql2`. */
interface MysqlConnection {
  /** As the server's handshake said it. */
  readonly threadId?: number;
  destroy?(): void;
  readonly stream?: { destroy(): void };
}

export const mysqlWire: Wire = {
  destroy(raw) {
    const { stream } = raw as MysqlConnection;
    (raw as MysqlConnection).destroy?.();
    // By itself it says goodbye, and waits for the server's.
    stream?.destroy();
  },

  async serverId({ run }: SqlSession) {
    const [row] = await run(sql`select connection_id() as id`);
    return String(row?.id);
  },

  /** Behind a proxy the server's id is another one's than that of the handshake, or will be soon. */
  async cancel({ raw }, serverId, run) {
    const { threadId } = raw as MysqlConnection;
    if (serverId === undefined || serverId !== String(threadId)) throw new Error("The connection is not the server's");
    await run(`KILL QUERY ${threadId}`);
  },
};
