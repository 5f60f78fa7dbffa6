import { withClient } from '../src/postgres/connect.js';

/** The rows of one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<unknown[]> {
  return withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
}
