import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import type { DatabaseName } from '../../src/adapters/pairs.js';

/** Runs statements on a connection of their own, by a driver that the demo's own code has nothing to do with. */
export async function runStatements(database: DatabaseName, url: string, statements: readonly string[]): Promise<void> {
  if (database === 'postgres') {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  } else {
    const connection = await createConnection({ uri: url });
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  }
}
