// Loaded before the program of a page: what its marks between the blocks call.
import { writeSync } from 'node:fs';
import pg from 'pg';

const connectionString = process.env.PG_URL;

/** What is printed from here on belongs to the block that begins in this line. */
globalThis.__block = (line) => writeSync(1, `\u0001${line}\n`);

/** Runs the statements of a block one by one, outside a transaction. */
globalThis.__sql = async (text) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  for (const statement of text.split(/;\s*$/m)) {
    if (statement.trim() !== '') await client.query(statement);
  }
  await client.end();
};
