import type { Cluster, ContractSubject, Layout } from '@jobsweep/contract';
import { createDatabase } from '../database.js';
import type { EngineName } from '../engines.js';
import { serverUrl } from '../fresh-database.js';
import { openMongoCluster } from './mongo-cluster.js';
import { type ConnectedAdapter, openSqlCluster } from './sql-cluster.js';

type Connect<Session extends object> = (url: string, layout: Layout) => Promise<ConnectedAdapter<Session>>;
type OpenCluster<Session extends object> = (
  url: string,
  connect: Connect<Session>,
  layout?: Layout,
) => Promise<Cluster<Session>>;

/** What the contract suite runs on: an adapter on a new database of the run's server. */
export function sqlSubject<Session extends object>(
  adapter: string,
  engine: EngineName,
  connect: Connect<Session>,
): ContractSubject<Session> {
  return subject(adapter, engine, connect, openSqlCluster);
}

/** The same on MongoDB, whose times have milliseconds. What the adapter offers there, its tests say. */
export function mongoSubject<Session extends object>(
  adapter: string,
  engine: EngineName,
  connect: Connect<Session>,
): ContractSubject<Session> {
  return { ...subject(adapter, engine, connect, openMongoCluster), precisionMicros: 1000, idColumn: '_id' };
}

function subject<Session extends object>(
  adapter: string,
  engine: EngineName,
  connect: Connect<Session>,
  openCluster: OpenCluster<Session>,
): ContractSubject<Session> {
  return {
    name: `${adapter} on ${engine}`,
    ...interleavingsOfRun(),
    async open(layout) {
      const database = await createDatabase(serverUrl(engine), { prefix: adapter });
      const cluster = await openCluster(database.url, connect, layout);
      const close = async () => {
        await cluster.close();
        await database.drop();
      };
      return { ...cluster, close };
    },
  };
}

/** How long the randomised races of this run are, where INTERLEAVINGS says so. */
function interleavingsOfRun(): { readonly interleavings?: number } {
  const { INTERLEAVINGS } = process.env;
  return INTERLEAVINGS ? { interleavings: Number(INTERLEAVINGS) } : {};
}
