import { join } from 'node:path';
import { createDatabase } from '@jobsweep/test-engines';
import { enginesOfRun, serverUrl } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { readPage } from './pages.js';

/** A page with this comment makes its own tables; all others find those of docs/example.sql. */
const EMPTY = '<!-- empty database -->';

const EXAMPLE = join('docs', 'example.sql');

/** A page with this comment has an empty database of MongoDB as well. */
const MONGODB = '<!-- engine: mongodb -->';

const isOnMongodb = (page: string): boolean => readPage(page).includes(MONGODB);

/** Whether the run has the servers that a page asks for; `ENGINES` may have left one out. */
export function hasEnginesFor(page: string): boolean {
  return !isOnMongodb(page) || enginesOfRun().includes('mongodb');
}

/** Does some work on databases of its own, made for a page, given as the environment that names them. */
export async function withDatabasesFor<Result>(
  page: string,
  work: (env: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> {
  const text = readPage(page);
  const onPostgres = await createDatabase(serverUrl('postgres'), { prefix: page });
  try {
    if (!text.includes(EMPTY)) await runSql(onPostgres.url, readPage(EXAMPLE));
    if (!isOnMongodb(page)) return await work({ PG_URL: onPostgres.url });
    const onMongodb = await createDatabase(serverUrl('mongodb'), { prefix: page });
    return await work({ PG_URL: onPostgres.url, MONGO_URL: onMongodb.url }).finally(() => onMongodb.drop());
  } finally {
    await onPostgres.drop();
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
