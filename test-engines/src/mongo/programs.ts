import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EngineError, reasonOf } from '../errors.js';
import { asServerUser } from '../user.js';
import { inPlaceOfMongodb } from './connect.js';
import { findSecantus, SECANTUS_RELEASE } from './secantus.js';
import { REPLICA_SET, STANDALONE, type Topology } from './topologies.js';

const run = promisify(execFile);

/** The name of our own replica sets; SecantusDB has a fixed one. */
const SET_NAME = 'jobsweep';

/** A server program, ready to be started with a port, a data folder and more settings. */
export interface MongoProgram {
  readonly command: readonly [string, ...string[]];
  readonly version: string;
  readonly source: 'PATH' | 'Python package';
  readonly settings: (start: MongoStart) => Readonly<Record<string, string>>;
  /** The replica set that the new server must be told to be, if it must be told. */
  readonly initiates?: string;
}

interface MongoStart {
  readonly topology: Topology;
  readonly dataDir: string;
  readonly port: number;
  readonly durable: boolean;
}

/** `mongod` on PATH, else SecantusDB, a Python program. */
export async function mongoProgram({ name, variable }: Topology): Promise<MongoProgram> {
  const onPath = await mongodOnPath();
  if (onPath !== undefined) return onPath;
  try {
    return await secantus();
  } catch (cause) {
    const advice = `set ${variable} to a server of yours, put mongod on PATH, install python3 with venv, or leave ${name} out of ENGINES`;
    throw new EngineError('ENGINE_UNAVAILABLE', `No MongoDB here (${reasonOf(cause)}): ${advice}`, cause);
  }
}

async function mongodOnPath(): Promise<MongoProgram | undefined> {
  const said = await run('mongod', ['--version'], asServerUser()).catch(() => undefined);
  if (said === undefined) return undefined;
  return {
    command: ['mongod'],
    version: `MongoDB ${/\d+\.\d+\.\d+/.exec(said.stdout)?.[0] ?? 'unknown'}`,
    source: 'PATH',
    settings: ({ topology, dataDir, port }) => ({
      port: String(port),
      bind_ip: '127.0.0.1',
      nounixsocket: '',
      dbpath: dataDir,
      wiredTigerCacheSizeGB: '0.25',
      ...(topology === REPLICA_SET ? { replSet: SET_NAME } : {}),
    }),
    initiates: SET_NAME,
  };
}

async function secantus(): Promise<MongoProgram> {
  const { python, config } = await findSecantus();
  return {
    command: [python, '-I', '-m', 'secantus'],
    version: inPlaceOfMongodb(SECANTUS_RELEASE),
    source: 'Python package',
    settings: ({ topology, dataDir, port, durable }) => ({
      config,
      'log-level': 'WARNING',
      port: String(port),
      host: '127.0.0.1',
      'storage-path': dataDir,
      ...(topology === STANDALONE ? { standalone: '' } : {}),
      ...(durable ? { 'sync-on-commit': '' } : {}),
    }),
  };
}
