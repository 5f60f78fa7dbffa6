import { execFileSync } from 'node:child_process';
import { chown, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, EngineServer, OwnOptions, OwnServer } from '../engine.js';
import { EngineError, reasonOf } from '../errors.js';
import { flags } from '../flags.js';
import { temporaryRoot } from '../folders.js';
import { serverVersion } from '../mysql/connect.js';
import { openLog, ownServer } from '../own-server.js';
import { freePort } from '../ports.js';
import { readLog, ServerProcess } from '../server-process.js';
import { hidePassword } from '../urls.js';
import { serverUser } from '../user.js';
import { poll } from '../waiting.js';
import { builtTidb } from './build.js';

const VARIABLE = 'TIDB_URL';
const READY_MS = 120_000;
const ADVICE = `set ${VARIABLE} to a server of yours, put tidb-server on PATH, or build one with \`pnpm engines build tidb\``;

/** TiDB: one process with its own SQL layer and locks, and its data in memory and one folder. */
export const tidbEngine: Engine = {
  title: 'TiDB',
  variable: VARIABLE,
  start: (options) => (process.env[VARIABLE] ? useExternal(process.env[VARIABLE]) : startEmbedded(options)),
  startOwn: (options) => startEmbedded({ ...options, stays: true }),
  async describe() {
    const url = process.env[VARIABLE];
    if (url) return `TiDB ${numberOf((await useExternal(url)).version)} (${VARIABLE})`;
    const { program, source } = requireProgram();
    return `TiDB ${releaseOf(program)} (${source})`;
  },
};

/** Whether tests can have it here: it is left out where they cannot. */
export const hasTidb = (): boolean => Boolean(process.env[VARIABLE]) || findProgram() !== undefined;

/** What to do about that. */
export const WITHOUT_TIDB = `without TiDB: ${ADVICE}`;

interface Program {
  readonly program: string;
  readonly source: 'PATH' | 'built here';
}

function findProgram(): Program | undefined {
  try {
    releaseOf('tidb-server');
    return { program: 'tidb-server', source: 'PATH' };
  } catch {
    const program = builtTidb();
    return program === undefined ? undefined : { program, source: 'built here' };
  }
}

function requireProgram(): Program {
  const found = findProgram();
  if (found !== undefined) return found;
  throw new EngineError('ENGINE_UNAVAILABLE', `No TiDB here: ${ADVICE}, or leave tidb out of ENGINES`);
}

const releaseOf = (program: string): string =>
  /Release Version: (\S+)/.exec(
    execFileSync(program, ['-V'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )?.[1] ?? 'unknown';

/** `8.0.11-TiDB-v8.5.0`. */
const numberOf = (version: string): string => /-TiDB-(.+)$/.exec(version)?.[1] ?? version;

async function useExternal(url: string): Promise<EngineServer> {
  const fix = `start that server, correct ${VARIABLE}, or unset it`;
  const shown = hidePassword(url, {
    variable: VARIABLE,
    protocol: /^mysql:$/,
    example: 'mysql://root@host:4000/test',
    fix,
  });
  const version = await serverVersion(url).catch((cause) => {
    throw new EngineError('ENGINE_UNREACHABLE', `Cannot use ${VARIABLE} ${shown} (${reasonOf(cause)}): ${fix}`, cause);
  });
  if (!version.includes('-TiDB-')) {
    throw new EngineError('ENGINE_UNSUITABLE', `${VARIABLE} ${shown} is no TiDB but ${version}: ${fix}`);
  }
  return { url, version, source: VARIABLE, stop: async () => undefined };
}

async function startEmbedded(options: OwnOptions): Promise<OwnServer> {
  const { program, source } = requireProgram();
  const { uid, gid } = serverUser();
  const folder = await mkdtemp(join(options.parent ?? (await temporaryRoot()), 'jobsweep-tidb-'));
  await chown(folder, uid, gid);
  const [dataDir, pidFile] = [join(folder, 'data'), join(folder, 'pid')];
  const log = await openLog(folder);
  const port = await freePort();
  const settings = {
    store: 'unistore',
    path: dataDir,
    host: '127.0.0.1',
    P: String(port),
    status: String(await freePort()),
    socket: join(folder, 'socket'),
    'temp-dir': join(folder, 'temp'),
    'log-slow-query': join(folder, 'slow.log'),
    L: 'error',
    ...options.settings,
  };
  // It tells its process id to nobody.
  const told = ['sh', '-c', 'echo $$ > "$0"; exec "$@"', pidFile] as const;
  const launch = {
    command: [...told, program, ...flags(settings)] as const,
    endsBy: 'KILL',
    folder,
    keep: options.keep ?? false,
    stays: options.stays ?? false,
  } as const;
  const url = `mysql://root@127.0.0.1:${port}/test`;
  const ready = async (process: ServerProcess) => {
    await readyVersion(process, url, options.signal);
    return Number(await readFile(pidFile, 'utf8'));
  };
  const server = new ServerProcess({ ...launch, log });
  try {
    const pid = await ready(server);
    return ownServer({ launch, url, version: await serverVersion(url), source, dataDir, ready }, server, pid);
  } catch (cause) {
    await server.stop();
    options.signal?.throwIfAborted();
    const last = (await readLog(log)).trimEnd().split('\n').slice(-3).join(' | ');
    throw new EngineError('ENGINE_FAILED', `TiDB did not start: ${last || reasonOf(cause)}`, cause);
  } finally {
    await log.close();
  }
}

async function readyVersion(server: ServerProcess, url: string, signal?: AbortSignal): Promise<void> {
  const ask = async () => {
    if (server.hasEnded()) throw new Error('the server ended');
    return serverVersion(url).catch(() => undefined);
  };
  if ((await poll(ask, { timeoutMs: READY_MS, signal })) === undefined) throw new Error('it was not ready in time');
}
