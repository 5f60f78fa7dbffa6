import { dirname } from 'node:path';
import { createDatabase, EngineError, type EngineServer, startEngine } from '@jobsweep/test-engines';
import { InputError, reasonOf } from '../errors.js';

/** A database of the demo's own, on a server that it started or was given. */
export interface ClusterServer {
  readonly url: string;
  readonly version: string;
  readonly source: EngineServer['source'];
  /** A shell command that ends what `close` would have ended. */
  readonly stopCommand: string;
  /** Leaves no process, folder or database behind. */
  close(): Promise<void>;
}

/** Room for a million jobs: bulk loading and index builds, with durability as in production. */
const SETTINGS = { max_wal_size: '4GB', maintenance_work_mem: '256MB', work_mem: '64MB', shared_buffers: '256MB' };

/** Starts PostgreSQL, or finds the one that PG_URL names. Throws `InputError` when there is none. */
export async function openCluster(keep: boolean, signal: AbortSignal): Promise<ClusterServer> {
  try {
    const server = await startEngine('postgres', { durable: true, keep, settings: SETTINGS, signal });
    try {
      signal.throwIfAborted();
      return await openDatabase(server);
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

async function openDatabase(server: EngineServer): Promise<ClusterServer> {
  const { version, source, pid, dataDir } = server;
  const database = await createDatabase(server.url, { prefix: 'jobsweep_demo' });
  const own = pid !== undefined && dataDir !== undefined;
  return {
    url: database.url,
    version,
    source,
    stopCommand: own
      ? `kill -QUIT ${pid}; sleep 1; rm -rf '${dirname(dataDir)}'`
      : `psql '${server.url}' -c 'DROP DATABASE ${database.name} WITH (FORCE)'`,
    close: async () => {
      if (!own) await database.drop();
      await server.stop();
    },
  };
}
