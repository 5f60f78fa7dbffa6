import { isJobsweepError } from '@jobsweep/core';
import type { Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { changesOf, job, seed } from '../support/rows.js';

const cluster = useCluster(
  `${TABLES}
  do $$ begin
    execute format('alter database %I set default_transaction_isolation = serializable', current_database());
    execute format('alter database %I set statement_timeout = ''77s''', current_database());
  end $$;`,
  { pool: { min: 1, max: 1 } },
);

const setting = async (session: Knex, name: string): Promise<string | undefined> => {
  const { rows } = await session.raw<{ rows: { value: string }[] }>('select current_setting(?) as value', [name]);
  return rows[0]?.value;
};

/** Resolves once the server shows the other side waiting for a lock. */
const otherWaits = async () => {
  const { rows } = await cluster.sql.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  if (rows.length === 0) await otherWaits();
};

const rename = (trx: Knex, name: string, id = 1) => trx('jobs').where({ id }).update({ name });
const seedTwo = () => seed(cluster.sql, { jobs: [job(1), job(2)] });

describe('store.transaction', () => {
  test('commits what its work did and returns what it returned', async () => {
    await seedTwo();
    const { transaction } = cluster.store();
    const changes = await changesOf(cluster.sql, async () => {
      const result = await transaction(async (trx) => {
        await rename(trx, 'changed');
        return 'done';
      });
      expect(result).toBe('done');
    });
    expect(changes).toEqual({ 'jobs/1': { name: 'changed' } });
  });

  test('rolls back when its work rejects', async () => {
    await seedTwo();
    const { transaction } = cluster.store();
    const work = () =>
      transaction(async (trx) => {
        await rename(trx, 'changed');
        throw new RangeError('not so');
      });
    expect(await changesOf(cluster.sql, () => expect(work()).rejects.toThrow(RangeError))).toEqual({});
  });

  test('begins with what its host nests in it where it has only read, and undoes that too', async () => {
    await seedTwo();
    const { repository, transaction } = cluster.store();
    const work = () =>
      transaction(async (trx) => {
        await repository.getStuckJobs(trx, 48);
        await trx.transaction((nested) => rename(nested, 'changed'));
        throw new RangeError('not so');
      });
    expect(await changesOf(cluster.sql, () => expect(work()).rejects.toThrow(RangeError))).toEqual({});
  });

  test('is begun by nothing that comes after its work: the connection is of others then', async () => {
    await seedTwo();
    const { repository, transaction } = cluster.store();
    const over = { code: 'SESSION_NOT_IN_TRANSACTION' };
    const late = async () => {
      const { kept } = await transaction(async (trx) => {
        await repository.getStuckJobs(trx, 48);
        return { kept: trx };
      });
      await expect(rename(kept, 'changed')).rejects.toMatchObject(over);
      await expect(repository.getStuckJobs(kept, 48)).rejects.toMatchObject(over);
    };
    expect(await changesOf(cluster.sql, late)).toEqual({});
  });

  test('does not say that it is done when a statement had failed and its work went on', async () => {
    await seedTwo();
    const { transaction } = cluster.store();
    const work = () =>
      transaction(async (trx) => {
        await rename(trx, 'changed');
        await trx.raw('select 1 / 0').catch(() => undefined);
      });
    const refused = () => expect(work()).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(await changesOf(cluster.sql, refused)).toEqual({});
  });

  test('refuses writes when it is read-only', async () => {
    await seedTwo();
    const { transaction } = cluster.store();
    const work = transaction((trx) => rename(trx, 'changed'), { readOnly: true });
    await expect(work).rejects.toThrow(/read-only transaction/);
    await transaction((trx) => rename(trx, 'changed'));
  });

  test('is at READ COMMITTED, whatever the default of the database', async () => {
    expect(await setting(cluster.knex, 'transaction_isolation')).toBe('serializable');
    const { transaction } = cluster.store();
    expect(await transaction((trx) => setting(trx, 'transaction_isolation'))).toBe('read committed');
  });

  test('bounds its statements, waits and idleness, and leaves the connection as it found it', async () => {
    const bounds = { statementTimeoutSeconds: 30, lockTimeoutSeconds: 1.5, idleTimeoutSeconds: 45 };
    const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
    const settings = async (session: Knex) => {
      const values: (string | undefined)[] = [];
      for (const name of names) values.push(await setting(session, name));
      return values;
    };
    const before = await settings(cluster.knex);
    const { transaction } = cluster.store(bounds);
    expect(await transaction(settings)).toEqual(['30s', '1500ms', '45s']);
    expect(await transaction(settings, { timeoutSeconds: 2 })).toEqual(['2s', '1500ms', '45s']);
    expect(await transaction(settings, { timeoutSeconds: 100 })).toEqual(['30s', '1500ms', '45s']);
    await expect(transaction(() => Promise.reject(new Error('not so')))).rejects.toThrow('not so');
    expect(await settings(cluster.knex)).toEqual(before);
    expect(before[0]).toBe('77s');
  });

  test('lets the server cancel a statement that takes too long', async () => {
    await seedTwo();
    const { transaction } = cluster.store();
    let attempts = 0;
    const work = () =>
      transaction(
        async (trx) => {
          attempts += 1;
          await rename(trx, 'changed');
          await trx.raw('select pg_sleep(60)');
        },
        { timeoutSeconds: 0.05 },
      );
    const refused = () => expect(work()).rejects.toMatchObject({ code: 'STATEMENT_TIMEOUT' });
    expect(await changesOf(cluster.sql, refused)).toEqual({});
    expect(attempts).toBe(1);
  });
});

describe('store.transaction in the way of another', () => {
  test('runs its work again after a deadlock, and commits it once', async () => {
    await seedTwo();
    const { transaction } = cluster.store();
    let attempts = 0;
    let rival: Promise<unknown> | undefined;
    await cluster.other.query(
      "begin; set local deadlock_timeout = '60s'; update jobs set owner = 'rival' where id = 2",
    );
    const work = () =>
      transaction(async (trx) => {
        attempts += 1;
        await trx.raw("set local deadlock_timeout = '10ms'");
        await rename(trx, `attempt ${attempts}`, 1);
        // The first attempt closes the circle: each side waits for the row of the other.
        rival ??= cluster.other.query("update jobs set owner = 'rival' where id = 1; commit");
        if (attempts === 1) await otherWaits();
        await rename(trx, `attempt ${attempts}`, 2);
        return attempts;
      });
    const changes = await changesOf(cluster.sql, async () => expect(await work()).toBe(2));
    await rival;
    expect(changes['jobs/1']).toMatchObject({ name: 'attempt 2' });
    expect(changes['jobs/2']).toMatchObject({ name: 'attempt 2' });
  });

  test.each([1, 3])('gives up on a lock after %i attempts, and nothing is left', async (maxAttempts) => {
    await seedTwo();
    await cluster.other.query('begin; select from jobs where id = 2 for update');
    const { transaction } = cluster.store({ lockTimeoutSeconds: 0.02, maxAttempts });
    let attempts = 0;
    const work = () =>
      transaction(async (trx) => {
        attempts += 1;
        await rename(trx, 'changed', 1);
        await rename(trx, 'changed', 2);
      });
    const refused = () => expect(work()).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
    const changes = await changesOf(cluster.sql, refused).finally(() => cluster.other.query('rollback'));
    expect(changes).toEqual({});
    expect(attempts).toBe(maxAttempts);
  });

  test('gets through when the lock goes away between two attempts', async () => {
    await seedTwo();
    await cluster.other.query('begin; select from jobs where id = 1 for update');
    const { transaction } = cluster.store({ lockTimeoutSeconds: 0.02 });
    let attempts = 0;
    await transaction(async (trx) => {
      attempts += 1;
      if (attempts === 2) await cluster.other.query('rollback');
      await rename(trx, 'changed');
    });
    expect(attempts).toBe(2);
  });

  test('does not try again once its signal has fired', async () => {
    await seedTwo();
    await cluster.other.query('begin; select from jobs where id = 1 for update');
    const { transaction } = cluster.store({ lockTimeoutSeconds: 0.02, maxAttempts: 100 });
    const controller = new AbortController();
    let attempts = 0;
    const work = transaction(
      async (trx) => {
        attempts += 1;
        await rename(trx, 'changed').catch((error: unknown) => {
          controller.abort('enough');
          throw error;
        });
      },
      { signal: controller.signal },
    );
    await expect(work.finally(() => cluster.other.query('rollback'))).rejects.toMatchObject({ code: 'ABORTED' });
    expect(attempts).toBe(1);
  });

  test('begins nothing when its signal has fired before', async () => {
    const { transaction } = cluster.store();
    let called = false;
    const work = transaction(
      () => {
        called = true;
        return Promise.resolve();
      },
      { signal: AbortSignal.abort() },
    );
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(isJobsweepError(error, 'ABORTED')).toBe(true);
    expect(called).toBe(false);
  });
});
