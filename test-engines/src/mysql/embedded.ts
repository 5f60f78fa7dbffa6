import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnOptions, OwnServer } from '../engine.js';
import { EngineError, reasonOf } from '../errors.js';
import { flags } from '../flags.js';
import { temporaryRoot } from '../folders.js';
import { addFiles, openLog, ownServer } from '../own-server.js';
import { freePort } from '../ports.js';
import { readLog, ServerProcess } from '../server-process.js';
import { serverUser } from '../user.js';
import { poll } from '../waiting.js';
import { serverVersion } from './connect.js';
import type { Flavor } from './flavors.js';
import { type MysqlProgram, mysqlProgram } from './programs.js';
import { copyData, dataTemplate } from './template.js';

const READY_MS = 60_000;
const PORT_ATTEMPTS = 5;
const USER = 'jobsweep';

/** What makes a server fast and its data worthless after a power cut. */
const CARELESS = {
  'innodb-flush-log-at-trx-commit': '0',
  'innodb-flush-method': 'nosync',
  'innodb-doublewrite': 'OFF',
};

/** Starts a MySQL or MariaDB of our own on a free port of this machine. */
export async function startEmbedded(flavor: Flavor, options: OwnOptions): Promise<OwnServer> {
  const program = await mysqlProgram(flavor);
  const template = await dataTemplate(flavor, program);
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    const server = await launch(flavor, program, template, options, attempt === PORT_ATTEMPTS);
    if (server !== undefined) return server;
  }
}

/** Gives nothing when another program took the port first and there is an attempt left. */
async function launch(
  flavor: Flavor,
  program: MysqlProgram,
  template: string,
  options: OwnOptions,
  isLastAttempt: boolean,
): Promise<OwnServer | undefined> {
  const { uid, gid } = serverUser();
  const folder = await mkdtemp(join(options.parent ?? (await temporaryRoot()), `jobsweep-${flavor.name}-`));
  await chown(folder, uid, gid);
  const [dataDir, pidFile, firstWords] = [join(folder, 'data'), join(folder, 'pid'), join(folder, 'user.sql')];
  const log = await openLog(folder);
  const port = await freePort();
  const password = randomBytes(24).toString('hex');
  await writeFile(firstWords, newUser(password), { mode: 0o600 });
  await chown(firstWords, uid, gid);
  await copyData(options.copyOf ?? template, dataDir);
  await addFiles(dataDir, options.files);
  const settings = {
    datadir: dataDir,
    // A server that starts deletes what others have in a folder that they share.
    tmpdir: folder,
    port: String(port),
    'bind-address': '127.0.0.1',
    socket: join(folder, 'socket'),
    'pid-file': pidFile,
    'init-file': firstWords,
    ...flavor.settings,
    ...(options.durable ? {} : { ...CARELESS, ...flavor.careless }),
    ...options.settings,
  };
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
  const url = `mysql://${USER}:${password}@127.0.0.1:${port}/mysql`;
  const ready = async (process: ServerProcess) => {
    await readyVersion(process, url, options.signal);
    return Number(await readFile(pidFile, 'utf8'));
  };
  try {
    const pid = await ready(server);
    const version = await serverVersion(url);
    return ownServer({ launch, url, version, source: program.source, dataDir, ready }, server, pid);
  } catch (cause) {
    await server.stop();
    const lines = await readLog(log);
    options.signal?.throwIfAborted();
    if (!isLastAttempt && lines.includes('Address already in use')) return undefined;
    const last = lines.trimEnd().split('\n').slice(-3).join(' | ');
    throw new EngineError('ENGINE_FAILED', `${flavor.title} did not start: ${last || reasonOf(cause)}`, cause);
  } finally {
    await log.close();
  }
}

/** A copy of another server's data has the user with another password. */
const newUser = (password: string) =>
  [
    `create user if not exists '${USER}'@'%'`,
    `alter user '${USER}'@'%' identified by '${password}'`,
    `grant all on *.* to '${USER}'@'%' with grant option`,
  ]
    .map((statement) => `${statement};\n`)
    .join('');

async function readyVersion(server: ServerProcess, url: string, signal?: AbortSignal): Promise<string> {
  let reason: unknown;
  const ask = async () => {
    if (server.hasEnded()) throw new Error('the server ended');
    try {
      return await serverVersion(url);
    } catch (error) {
      reason = error;
      return undefined;
    }
  };
  const version = await poll(ask, { timeoutMs: READY_MS, signal });
  if (version === undefined) throw new Error(`not ready after ${READY_MS / 1000} s: ${reasonOf(reason)}`);
  return version;
}
