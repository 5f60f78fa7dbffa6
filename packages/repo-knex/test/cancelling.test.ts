import type { Cluster } from '@jobsweep/contract';
import { enginesOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type KnexStoreOptions, knexStore } from '../src/index.js';

const SLEEP_SECONDS = 8;

/** An update of a job takes long. */
const slowUpdates = (engine: string) =>
  engine === 'postgres'
    ? `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(${SLEEP_SECONDS}); return new; end $$;
       create trigger slow before update on jobs for each row execute function slow()`
    : `create trigger slow before update on jobs for each row set @slept = sleep(${SLEEP_SECONDS})`;

describe.each(enginesOfRun())('A statement in hand on %s', (engine) => {
  let knex: Knex;
  let plain: Knex;
  let cluster: Cluster<Knex.Transaction>;
  const asked: string[] = [];
  const client = engine === 'postgres' ? 'pg' : 'mysql2';
  const isRunning =
    engine === 'postgres'
      ? "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
      : "select 1 from information_schema.processlist where db = database() and state = 'User sleep'";
  const running = async () => (await rowsOf(plain, isRunning)).length;

  beforeAll(async () => {
    const connect = (url: string) => {
      [knex, plain] = [1, 2].map(() => createKnex({ client, connection: url, pool: { min: 0, max: 4 } })) as [
        Knex,
        Knex,
      ];
      knex.on('query', ({ sql }: { sql: string }) => asked.push(sql));
      const store = (options: KnexStoreOptions = {}) => knexStore(knex, options);
      const close = async () => {
        await Promise.all([knex.destroy(), plain.destroy()]);
      };
      return Promise.resolve({ store, close });
    };
    cluster = await sqlSubject('cancelling', engine, connect).open();
    await cluster.seed({ jobs: [{ id: '1', state: 'RUNNING', startTime: '2020-01-01T00:00:00.000000Z' }] });
    await plain.raw(slowUpdates(engine));
  });
  beforeEach(() => {
    asked.length = 0;
  });
  afterAll(() => cluster.close());

  const failStuck = (options: KnexStoreOptions, signal?: AbortSignal, first?: (trx: Knex.Transaction) => void) => {
    const { repository, transaction } = knexStore(knex, { maxAttempts: 1, ...options });
    const work = async (trx: Knex.Transaction) => {
      first?.(trx);
      return repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'Stuck');
    };
    return transaction(work, { signal });
  };

  test('is cancelled when its signal fires: by the secret of its connection, or by an id that is surely its own', async () => {
    const abort = new AbortController();
    const aborted = failStuck({}, abort.signal);
    await vi.waitUntil(running, { timeout: 10_000 });
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await running()).toBe(0);
    const other = asked.filter((sql) => /cancel|kill/i.test(sql));
    expect(other).toEqual(engine === 'postgres' ? [] : [expect.stringMatching(/^KILL QUERY \d+$/)]);
  });

  if (engine !== 'mysql') return;
  // Of the three, the one whose statements have a time here alone.
  test("is not cancelled by an id that may be a stranger's: its connection is given up", async () => {
    const { client } = plain as { readonly client: Pool };
    const stranger = await client.acquireConnection();
    const slept = plain.raw('select sleep(7) as killed').connection(stranger);
    // A proxy told this connection another id than the server has for it.
    const late = failStuck({ statementTimeoutSeconds: 0.5 }, undefined, (trx) => {
      void (trx as { readonly client: Pool }).client.acquireConnection().then((raw) => {
        raw.threadId = stranger.threadId;
      });
    });
    await expect(late).rejects.toMatchObject({ code: 'STATEMENT_TIMEOUT' });
    const [[{ killed }]] = (await slept) as [[{ killed: number }]];
    await client.releaseConnection(stranger);
    expect({ killed, kills: asked.filter((sql) => /kill/i.test(sql)) }).toEqual({ killed: 0, kills: [] });
  });
});

/** What knex's clients have, and its types do not tell. */
interface Pool {
  acquireConnection(): Promise<{ threadId: number }>;
  releaseConnection(connection: object): Promise<void>;
}

async function rowsOf(knex: Knex, sql: string): Promise<unknown[]> {
  const result = (await knex.raw(sql)) as { readonly rows: unknown[] } | [unknown[]];
  return Array.isArray(result) ? result[0] : result.rows;
}
