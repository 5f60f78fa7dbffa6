import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnOptions, OwnServer } from '../engine.js';
import { EngineError, reasonOf } from '../errors.js';
import { temporaryRoot } from '../folders.js';
import { addFiles, openLog, ownServer } from '../own-server.js';
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
export async function startEmbedded(options: OwnOptions): Promise<OwnServer> {
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
  options: OwnOptions,
  isLastAttempt: boolean,
): Promise<OwnServer | undefined> {
  const folder = await mkdtemp(join(options.parent ?? (await temporaryRoot()), 'jobsweep-pg-'));
  const { uid, gid } = serverUser();
  await chown(folder, uid, gid);
  const dataDir = join(folder, 'data');
  const log = await openLog(folder);
  const port = await freePort();
  const command = [binaries.postgres, '-D', dataDir, '-p', String(port), ...settings(options)] as const;
  await copyCluster(options.copyOf ?? template.data, dataDir);
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
  await addFiles(dataDir, options.files);
  const launch = {
    command: [...command] as const,
    endsBy: 'QUIT',
    folder,
    keep: options.keep ?? false,
    stays: options.stays ?? false,
  } as const;
  const server = new ServerProcess({ ...launch, log });
  const ready = (process: ServerProcess, killed?: number) => readyPid(process, dataDir, options.signal, killed);
  try {
    const pid = await ready(server);
    const url = `postgres://${SUPERUSER}:${template.password}@127.0.0.1:${port}/postgres`;
    const version = await serverVersion(url);
    return ownServer({ launch, url, version, source: 'embedded', dataDir, ready }, server, pid);
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

function settings(options: OwnOptions): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...(options.durable ? {} : CARELESS),
    ...options.settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The server writes its state into the last line of postmaster.pid; one that was killed leaves its own there. */
async function readyPid(
  server: ServerProcess,
  dataDir: string,
  signal?: AbortSignal,
  killed?: number,
): Promise<number> {
  const ask = async () => {
    const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    const isThisOne = Number(lines[0]) !== killed;
    if (isThisOne && /^(ready|standby)/.test(lines[7] ?? '')) return Number(lines[0]);
    if (server.hasEnded()) throw new Error('the server ended');
    return undefined;
  };
  const pid = await poll(ask, { timeoutMs: READY_MS, signal });
  if (pid === undefined) throw new Error(`the server was not ready after ${READY_MS / 1000} s`);
  return pid;
}
