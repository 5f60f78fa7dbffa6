import { type Collection, MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import type { DatabaseName } from '../../src/adapters/pairs.js';

type Documents = Collection<{ _id: number }>;

/** A change in the words of each kind of database. */
export interface Change {
  readonly sql: string;
  readonly mongo: (jobs: Documents, allocations: Documents) => Promise<unknown>;
}

/** Makes a change on a connection of its own, which the demo's own code has nothing to do with. */
export async function make(database: DatabaseName, url: string, { sql, mongo }: Change): Promise<void> {
  if (database === 'mongodb') {
    const client = await MongoClient.connect(url);
    await mongo(client.db().collection('jobs'), client.db().collection('resource_allocations'));
    await client.close();
  } else if (database === 'postgres') {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql);
    await client.end();
  } else {
    const connection = await createConnection({ uri: url, multipleStatements: true });
    await connection.query(sql);
    await connection.end();
  }
}
