import { chown, mkdtemp, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineServer, StartOptions } from '../engine.js';
import { EngineError, reasonOf } from '../errors.js';
import { temporaryRoot } from '../folders.js';
import { freePort } from '../ports.js';
import { readLog, ServerProcess } from '../server-process.js';
import { serverUser } from '../user.js';
import { poll } from '../waiting.js';
import { type PostgresBinaries, postgresBinaries } from './binaries.js';
import { serverVersion } from './connect.js';

import { type ClusterTemplate, clusterTemplate, copyCluster, SUPERUSER } from './template.js';

const READY_MS = 60_000;
const PORT_ATTEMPTS = 5;

/** What makes a server fast and its data worthless after a power cut. */
const CARELESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Starts a PostgreSQL of our own on a free port of this machine. */
export async function startEmbedded(options: StartOptions): Promise<EngineServer> {
  const binaries = await postgresBinaries();
  const template = await clusterTemplate(binaries);
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    const server = await launch(binaries, template, options, attempt === PORT_ATTEMPTS);
    if (server !== undefined) return server;
  }
}

/** Gives nothing when another program took the port first and there is an attempt left. */
async function launch(
  binaries: PostgresBinaries,
  template: ClusterTemplate,
  options: StartOptions,
  isLastAttempt: boolean,
): Promise<EngineServer | undefined> {
  const folder = await mkdtemp(join(await temporaryRoot(), 'jobsweep-pg-'));
  const { uid, gid } = serverUser();
  await chown(folder, uid, gid);
  const dataDir = join(folder, 'data');
  const log = await open(join(folder, 'server.log'), 'a+');
  const port = await freePort();
  const command = [binaries.postgres, '-D', dataDir, '-p', String(port), ...settings(options)] as const;
  await copyCluster(template, dataDir);
  const server = new ServerProcess({ command: [...command], endsBy: 'QUIT', folder, log, keep: options.keep ?? false });
  try {
    const pid = await readyPid(server, dataDir, options.signal);
    const url = `postgres://${SUPERUSER}:${template.password}@127.0.0.1:${port}/postgres`;
    const version = await serverVersion(url);
    server.unref();
    return { url, version, source: 'embedded', pid, dataDir, stop: () => server.stop() };
  } catch (cause) {
    await server.stop();
    const lines = await readLog(log);
    options.signal?.throwIfAborted();
    if (!isLastAttempt && lines.includes('could not create any TCP/IP sockets')) return undefined;
    const last = lines.trimEnd().split('\n').slice(-3).join(' | ');
    throw new EngineError('ENGINE_FAILED', `PostgreSQL did not start: ${last || reasonOf(cause)}`, cause);
  } finally {
    await log.close();
  }
}

function settings(options: StartOptions): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...(options.durable ? {} : CARELESS),
    ...options.settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The server writes its state into the last line of postmaster.pid. */
async function readyPid(server: ServerProcess, dataDir: string, signal?: AbortSignal): Promise<number> {
  const ask = async () => {
    const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[7]?.startsWith('ready')) return Number(lines[0]);
    if (server.hasEnded()) throw new Error('the server ended');
    return undefined;
  };
  const pid = await poll(ask, { timeoutMs: READY_MS, signal });
  if (pid === undefined) throw new Error(`the server was not ready after ${READY_MS / 1000} s`);
  return pid;
}
