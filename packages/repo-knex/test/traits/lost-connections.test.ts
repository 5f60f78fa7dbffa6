import createKnex, { type Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { TABLES, useCluster } from '../support/cluster.js';
import { changesOf, job, seed } from '../support/rows.js';

const cluster = useCluster(`${TABLES}
  create function cut() returns trigger language plpgsql as $$
    begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(10); return null; end $$;`);

const rename = (trx: Knex) => trx('jobs').update({ name: 'changed' });

const backend = async (trx: Knex): Promise<number> => {
  const { rows } = await trx.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
};

describe('a connection that is lost', () => {
  test('within the work is CONNECTION_LOST, and nothing is left of it', async () => {
    await seed(cluster.sql, { jobs: [job(1)] });
    const { repository, transaction } = cluster.store();
    let attempts = 0;
    const work = () =>
      transaction(async (trx) => {
        attempts += 1;
        await rename(trx);
        await cluster.sql.query('select pg_terminate_backend($1, 5000)', [await backend(trx)]);
        return repository.getStuckJobs(trx, 48);
      });
    const changes = await changesOf(cluster.sql, async () => {
      await expect(work()).rejects.toMatchObject({
        code: 'CONNECTION_LOST',
        message: expect.stringMatching(/^\S[^\n]*\.$/),
      });
    });
    expect(changes).toEqual({});
    expect(attempts).toBe(1);
  });

  test('does not keep the next transaction from working', async () => {
    const { transaction } = cluster.store();
    const lost = transaction(async (trx) =>
      cluster.sql.query('select pg_terminate_backend($1, 5000)', [await backend(trx)]).then(() => rename(trx)),
    );
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await transaction(() => Promise.resolve('fine'))).toBe('fine');
  });

  test('while committing is COMMIT_UNKNOWN, and is not tried again', async () => {
    await seed(cluster.sql, { jobs: [job(1)] });
    const late = 'create constraint trigger late after update on jobs deferrable initially deferred';
    await cluster.sql.query(`${late} for each row execute function cut()`);
    const { transaction } = cluster.store();
    let attempts = 0;
    const work = transaction(async (trx) => {
      attempts += 1;
      await rename(trx);
    });
    await expect(work).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN', cause: expect.any(Error) });
    await cluster.sql.query('drop trigger late on jobs');
    expect(attempts).toBe(1);
  });

  test('because the transaction was idle for too long is CONNECTION_LOST', async () => {
    const { repository, transaction } = cluster.store({ idleTimeoutSeconds: 0.03 });
    const work = transaction(async (trx) => {
      const pid = await backend(trx);
      const gone = 'select from pg_stat_activity where pid = $1';
      while ((await cluster.sql.query(gone, [pid])).rowCount !== 0);
      return repository.getStuckJobs(trx, 48);
    });
    await expect(work).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('a database that cannot be reached', () => {
  const unreachable = async (connection: string) => {
    const knex = createKnex({ client: 'pg', connection, pool: { min: 0, max: 1 }, acquireConnectionTimeout: 2000 });
    const { transaction } = knexStore(knex);
    return transaction(() => Promise.resolve())
      .catch((error: unknown) => error)
      .finally(() => knex.destroy());
  };

  test.each(['127.0.0.1', 'localhost'])('is CONNECTION_LOST, in a sentence: %s', async (host) => {
    expect(await unreachable(`postgres://nobody@${host}:1/nowhere`)).toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(/ECONNREFUSED.*Check that the database runs/),
    });
  });

  test('is CONNECTION_LOST also when the whole pool is taken for too long', async () => {
    const { host, port, database, user, password } = cluster.sql;
    const connection = { host, port, database, user, password: password ?? '' } as Knex.PgConnectionConfig;
    const knex = createKnex({ client: 'pg', connection, pool: { min: 0, max: 1 }, acquireConnectionTimeout: 1000 });
    const { transaction } = knexStore(knex);
    await transaction(async () => {
      await expect(transaction(() => Promise.resolve())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    }).finally(() => knex.destroy());
  });
});
