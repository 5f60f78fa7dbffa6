import { chown, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnOptions, OwnServer } from '../engine.js';
import { EngineError, reasonOf } from '../errors.js';
import { flags } from '../flags.js';
import { temporaryRoot } from '../folders.js';
import { openLog, ownServer } from '../own-server.js';
import { freePort } from '../ports.js';
import { readLog, ServerProcess } from '../server-process.js';
import { serverUser } from '../user.js';
import { type MongoProgram, mongoProgram } from './programs.js';
import { readyServer } from './ready.js';
import { REPLICA_SET, type Topology } from './topologies.js';

const PORT_ATTEMPTS = 5;

/** Starts a server of our own on a free port of this machine. */
export async function startEmbedded(topology: Topology, options: OwnOptions): Promise<OwnServer> {
  const program = await mongoProgram(topology);
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    const server = await launch(topology, program, options, attempt === PORT_ATTEMPTS);
    if (server !== undefined) return server;
  }
}

/** Gives nothing when another program took the port first and there is an attempt left. */
async function launch(
  topology: Topology,
  program: MongoProgram,
  options: OwnOptions,
  isLastAttempt: boolean,
): Promise<OwnServer | undefined> {
  const { uid, gid } = serverUser();
  const folder = await mkdtemp(join(options.parent ?? (await temporaryRoot()), 'jobsweep-mongo-'));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  for (const path of [folder, dataDir]) await chown(path, uid, gid);
  const log = await openLog(folder);
  const port = await freePort();
  const start = { topology, dataDir, port, durable: options.durable ?? false };
  const settings = { ...program.settings(start), ...options.settings };
  const [file, ...args] = program.command;
  const command = [file, ...args, ...flags(settings)] as const;
  const launch = {
    command,
    endsBy: 'KILL',
    folder,
    keep: options.keep ?? false,
    stays: options.stays ?? false,
  } as const;
  const server = new ServerProcess({ ...launch, log });
  const initiates = topology === REPLICA_SET ? program.initiates : undefined;
  const look = (process: ServerProcess) => readyServer(process, port, initiates, options.signal);
  try {
    const { url, pid } = await look(server);
    const { version, source } = program;
    const ready = async (process: ServerProcess) => (await look(process)).pid;
    return ownServer({ launch, url, version, source, dataDir, ready }, server, pid);
  } catch (cause) {
    await server.stop();
    const lines = await readLog(log);
    options.signal?.throwIfAborted();
    if (!isLastAttempt && lines.includes('Address already in use')) return undefined;
    const last = lines.trimEnd().split('\n').slice(-3).join(' | ');
    throw new EngineError('ENGINE_FAILED', `MongoDB did not start: ${last || reasonOf(cause)}`, cause);
  } finally {
    await log.close();
  }
}
