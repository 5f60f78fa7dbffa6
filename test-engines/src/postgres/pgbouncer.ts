import { chown, mkdtemp, open, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { debianPackage } from '../debian.js';
import { EngineError } from '../errors.js';
import { temporaryRoot } from '../folders.js';
import { freePort } from '../ports.js';
import { readLog, ServerProcess } from '../server-process.js';
import { serverUser } from '../user.js';
import { poll } from '../waiting.js';

const READY_MS = 15_000;

export interface Pooler {
  /** The target's URL, by way of the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts PgBouncer of Debian in transaction mode before a server: each transaction gets any of `poolSize` connections.
 *
 * @example
 * const pooler = await startPgbouncer({ target: database.url, poolSize: 3 });
 */
export async function startPgbouncer({ target, poolSize }: { target: string; poolSize: number }): Promise<Pooler> {
  const { command } = await debianPackage('bookworm', 'pgbouncer');
  const { uid, gid } = serverUser();
  const folder = await mkdtemp(join(await temporaryRoot(), 'jobsweep-pgbouncer-'));
  await chown(folder, uid, gid);
  const [port, url] = [await freePort(), new URL(target)];
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, settings(url, port, poolSize), { mode: 0o600 });
  await chown(file, uid, gid);
  const log = await open(join(folder, 'server.log'), 'a+');
  const server = new ServerProcess({
    command: [...command('usr/sbin/pgbouncer'), file],
    endsBy: 'KILL',
    folder,
    log,
    keep: false,
    stays: false,
  });
  try {
    const ask = async () => ((await answers(port)) ? true : server.hasEnded() ? false : undefined);
    if ((await poll(ask, { timeoutMs: READY_MS })) !== true) {
      throw new EngineError('ENGINE_FAILED', `PgBouncer did not start: ${(await readLog(log)).trimEnd()}`);
    }
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    await log.close();
  }
  server.unref();
  url.port = String(port);
  return { url: url.href, stop: () => server.stop() };
}

function settings({ hostname, port: serverPort, username, password }: URL, port: number, poolSize: number): string {
  return `[databases]
* = host=${hostname} port=${serverPort} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
`;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
