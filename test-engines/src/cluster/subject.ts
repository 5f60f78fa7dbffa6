import type { ContractSubject } from '@jobsweep/contract';
import { createDatabase } from '../database.js';
import type { EngineName } from '../engines.js';
import { serverUrl } from '../fresh-database.js';
import { type ConnectedAdapter, openSqlCluster } from './sql-cluster.js';

/** What the contract suite runs on: an adapter on a new database of the run's server. */
export function sqlSubject<Session extends object>(
  adapter: string,
  engine: EngineName,
  connect: (url: string) => Promise<ConnectedAdapter<Session>>,
): ContractSubject<Session> {
  return {
    name: `${adapter} on ${engine}`,
    ...interleavingsOfRun(),
    async open(layout) {
      const database = await createDatabase(serverUrl(engine), { prefix: adapter });
      const cluster = await openSqlCluster(database.url, connect, layout);
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
