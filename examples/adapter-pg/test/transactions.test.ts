import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { Client, type ClientBase, Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PgStoreOptions, PgTransaction, pgStore } from '../src/index.js';
import { CREATE_TABLES } from './tables.js';

// What the suite cannot ask of every library alike: how transactions begin, what bounds them, and how they end.

const database = freshDatabase('adapter-pg');
let pool: Pool;
let plain: Client;

beforeAll(async () => {
  pool = new Pool({ connectionString: database.url, max: 1 });
  plain = new Client({ connectionString: database.url });
  await plain.connect();
  await plain.query(CREATE_TABLES);
});
beforeEach(async () => {
  await plain.query('delete from jobs');
  await plain.query("insert into jobs (id, state, start_time) values (1, 'RUNNING', '2020-01-01')");
});
afterAll(() => Promise.all([pool.end(), plain.end()]));

const stateOfJob = async () => (await plain.query<{ state: string }>('select state from jobs')).rows[0]?.state;

/** Fails the job, which is stuck. */
async function repair(session: PgTransaction): Promise<number> {
  const { repository } = pgStore(pool);
  const stuck = await repository.getStuckJobs(session, 48);
  return (await repository.markJobsAsFailed(session, stuck, 'Ran for too long')).length;
}

describe("a caller's own transaction", () => {
  const inOwn = async (isolation: string) => {
    const client = await pool.connect();
    await client.query(`begin isolation level ${isolation}`);
    return repair(new PgTransaction(client)).finally(async () => {
      await client.query('commit');
      client.release();
    });
  };

  test('is worked in, and committed by the caller', async () => {
    expect(await inOwn('read committed')).toBe(1);
    expect(await stateOfJob()).toBe('FAILED');
  });

  test.each(['repeatable read', 'serializable'])('is refused at %s', async (isolation) => {
    await expect(inOwn(isolation)).rejects.toMatchObject({ code: 'ISOLATION_UNSUPPORTED' });
    expect(await stateOfJob()).toBe('RUNNING');
  });
});

test('a transaction on a client is looked at anew, whatever the one before it was like', async () => {
  const client = await pool.connect();
  const session = new PgTransaction(client);
  await client.query('begin isolation level read committed');
  expect(await repair(session)).toBe(1);
  await client.query('rollback; begin isolation level repeatable read');
  await expect(repair(session)).rejects.toMatchObject({ code: 'ISOLATION_UNSUPPORTED' });
  await client.query('rollback');
  client.release();
});

describe('a transaction of the store', () => {
  const settings = async (client: ClientBase) => {
    const names = ['transaction_isolation', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
    const statement = 'select array(select current_setting(name) from unnest($1::text[]) as name) as all';
    return (await client.query<{ all: string[] }>(statement, [names])).rows[0]?.all;
  };
  const settingsOutside = async () => {
    const client = await pool.connect();
    return settings(client).finally(() => client.release());
  };
  const attempts = async (options: PgStoreOptions, statement: string) => {
    let count = 0;
    const work = pgStore(pool, options).transaction(async (session) => {
      count += 1;
      await repair(session);
      await session.query(statement);
    });
    const code = await work.catch((error: { code?: string }) => error.code);
    return { code, count };
  };

  test('is at READ COMMITTED and bounded, and leaves the connection as it found it', async () => {
    const before = await settingsOutside();
    const { transaction } = pgStore(pool, { statementTimeoutSeconds: 20, lockTimeoutSeconds: 1.5 });
    const within = await transaction(({ client }) => settings(client), { timeoutSeconds: 10 });
    expect(within).toEqual(['read committed', '10s', '1500ms', '1min']);
    expect(await settingsOutside()).toEqual(before);
  });

  test.each([
    ['40001', 'CONFLICT'],
    ['40P01', 'CONFLICT'],
    ['55P03', 'LOCK_TIMEOUT'],
  ])('is tried again, a bounded number of times, after %s', async (sqlstate, code) => {
    const raise = `do $$ begin raise exception 'no' using errcode = '${sqlstate}'; end $$`;
    expect(await attempts({ maxAttempts: 3 }, raise)).toEqual({ code, count: 3 });
    expect(await stateOfJob()).toBe('RUNNING');
  });

  test('is not tried again after an error that would come again', async () => {
    expect(await attempts({}, 'select 1 / 0')).toEqual({ code: 'ROW_REJECTED', count: 1 });
    expect(await attempts({ statementTimeoutSeconds: 0.02 }, 'select pg_sleep(60)')).toEqual({
      code: 'STATEMENT_TIMEOUT',
      count: 1,
    });
  });

  test('that is lost while committing is unknown, and not tried again', async () => {
    await plain.query(`
      create function cut() returns trigger language plpgsql as
        $$ begin perform pg_terminate_backend(pg_backend_pid()), pg_sleep(10); return null; end $$;
      create constraint trigger late after update on jobs deferrable initially deferred for each row execute function cut()`);
    expect(await attempts({}, 'select')).toEqual({ code: 'COMMIT_UNKNOWN', count: 1 });
    await plain.query('drop trigger late on jobs');
    expect(await attempts({}, 'select')).toEqual({ code: undefined, count: 1 });
  });

  test('does not say that it is done when a statement had failed and the work went on', async () => {
    const work = pgStore(pool).transaction(async (session) => {
      const repaired = await repair(session);
      await session.query('select 1 / 0').catch(() => undefined);
      return repaired;
    });
    await expect(work).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(await stateOfJob()).toBe('RUNNING');
  });

  test('that the server ended because it was idle is CONNECTION_LOST, and the process lives', async () => {
    const work = pgStore(pool, { idleTimeoutSeconds: 0.02 }).transaction(async (session) => {
      const [row] = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
      while ((await plain.query('select from pg_stat_activity where pid = $1', [row?.pid])).rowCount !== 0);
      await repair(session);
    });
    await expect(work).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('is not begun where nothing can be reached', async () => {
    const nowhere = new Pool({ host: '127.0.0.1', port: 1 });
    const work = pgStore(nowhere).transaction(repair);
    await expect(work).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await nowhere.end();
  });
});

test.each<[object, string]>([
  [{ lockTimeoutSeconds: 0 }, 'lockTimeoutSeconds'],
  [{ maxAttempts: 1.5 }, 'maxAttempts'],
  [{ tables: 'mine' }, 'tables'],
])('the option %j is refused', (options, said) => {
  expect(() => pgStore(pool, options)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(said) }),
  );
});
