import { join } from 'node:path';
import { createDatabase } from '@jobsweep/test-engines';
import { serverUrl } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { readPage } from './pages.js';

/** A page with this comment makes its own tables; all others find those of docs/example.sql. */
const EMPTY = '<!-- empty database -->';

const EXAMPLE = join('docs', 'example.sql');

/** Does some work on a database of its own, made for a page. */
export async function withDatabaseFor<Result>(page: string, work: (url: string) => Promise<Result>): Promise<Result> {
  const database = await createDatabase(serverUrl('postgres'), { prefix: page });
  try {
    if (!readPage(page).includes(EMPTY)) await runSql(database.url, readPage(EXAMPLE));
    return await work(database.url);
  } finally {
    await database.drop();
  }
}

/** Runs SQL with the plain driver. */
export async function runSql(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}
