import { dirname } from 'node:path';
import { createDatabase, EngineError, type EngineServer, startEngine } from '@jobsweep/test-engines';
import type { DatabaseName } from '../adapters/pairs.js';
import { InputError, reasonOf } from '../errors.js';
import { SERVERS } from './servers.js';

/** A database of the demo's own, on a server that it started or was given. */
export interface ClusterServer {
  readonly url: string;
  /** Name and release: `MariaDB 10.11.18`. */
  readonly name: string;
  readonly source: EngineServer['source'];
  /** A shell command that ends what `close` would have ended. */
  readonly stopCommand: string;
  /** Leaves no process, folder or database behind. */
  close(): Promise<void>;
}

/** Starts a server, or finds the one that the environment names. Throws `InputError` when there is none. */
export async function openCluster(kind: DatabaseName, keep: boolean, signal: AbortSignal): Promise<ClusterServer> {
  try {
    const server = await startEngine(kind, { durable: true, keep, settings: SERVERS[kind].settings, signal });
    try {
      signal.throwIfAborted();
      return await openDatabase(kind, server);
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EngineError) throw new InputError({ kind: 'noServer', message: reasonOf(error) }, error);
    throw error;
  }
}

async function openDatabase(kind: DatabaseName, server: EngineServer): Promise<ClusterServer> {
  const { source, pid, dataDir } = server;
  const { nameOf, endsBy, drop } = SERVERS[kind];
  const database = await createDatabase(server.url, { prefix: 'jobsweep_demo' });
  const own = pid !== undefined && dataDir !== undefined;
  return {
    url: database.url,
    name: nameOf(server.version),
    source,
    stopCommand: own
      ? `kill -${endsBy} ${pid}; sleep 1; rm -rf '${dirname(dataDir)}'`
      : drop(server.url, database.name),
    close: async () => {
      if (!own) await database.drop();
      await server.stop();
    },
  };
}
