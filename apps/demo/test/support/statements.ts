import type { EngineName } from '@jobsweep/test-engines';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';

/** Runs statements on a connection of their own, by a driver that the demo's own code has nothing to do with. */
export async function runStatements(engine: EngineName, url: string, statements: readonly string[]): Promise<void> {
  if (engine === 'postgres') {
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
