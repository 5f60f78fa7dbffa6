import { MongoClient } from 'mongodb';
import type { Topology } from './topologies.js';

const CONNECT_MS = 3000;

/** Does some work with a client of its own. */
export async function withMongo<T>(
  url: string,
  work: (client: MongoClient) => Promise<T>,
  connectMs = CONNECT_MS,
): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: connectMs });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** What a server says of itself. */
export interface ServerFacts {
  readonly version: string;
  readonly topology: Topology['title'];
}

interface Hello {
  readonly setName?: string;
  readonly msg?: string;
}

interface BuildInfo {
  readonly version: string;
  readonly secantusVersion?: string;
}

export async function serverFacts(url: string): Promise<ServerFacts> {
  return withMongo(url, async (client) => {
    const admin = client.db('admin');
    const { setName, msg } = (await admin.command({ hello: 1 })) as Hello;
    const hasTransactions = setName !== undefined || msg === 'isdbgrid';
    const { version, secantusVersion } = (await admin.command({ buildInfo: 1 })) as unknown as BuildInfo;
    return {
      version: secantusVersion === undefined ? `MongoDB ${version}` : inPlaceOfMongodb(secantusVersion),
      topology: hasTransactions ? 'replica set' : 'standalone',
    };
  });
}

/** SecantusDB calls itself a version of MongoDB; results must not. */
export const inPlaceOfMongodb = (release: string): string => `SecantusDB ${release}, no MongoDB`;
