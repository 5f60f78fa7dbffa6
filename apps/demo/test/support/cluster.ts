import { freshDatabase } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { importLog } from '../../src/cluster/import.js';
import { createTables } from '../../src/cluster/schema.js';
import { SwfReader } from '../../src/swf/reader.js';

type Row = Readonly<Record<string, unknown>>;

/** A database of the test file's own and a connection to it, in the given time zone. */
export function clusterDatabase(prefix: string, timeZone = 'UTC') {
  const database = freshDatabase(prefix);
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: database.url, options: `-c timezone=${timeZone}` });
    await client.connect();
  });
  afterAll(() => client.end());
  return {
    get client() {
      return client;
    },
    get url() {
      return database.url;
    },
    /** Takes away all that an earlier test made. */
    clear: () =>
      client.query(
        'DROP SCHEMA IF EXISTS before_pass CASCADE; DROP TABLE IF EXISTS resource_allocations, jobs, log_jobs CASCADE',
      ),
    /** Empty tables. */
    create: () => createTables(client),
    rows: async (text: string, values: unknown[] = []): Promise<Row[]> => (await client.query<Row>(text, values)).rows,
    value: async (text: string, values: unknown[] = []): Promise<unknown> => {
      const { rows } = await client.query<unknown[]>({ text, values, rowMode: 'array' });
      return rows[0]?.[0];
    },
    import: (path: string, rows?: number) =>
      importLog(client, new SwfReader(path).records(), rows, { onLaying() {}, onJobs() {}, onIndexing() {} }),
  };
}
