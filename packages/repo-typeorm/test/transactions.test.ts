import { freshDatabase } from '@jobsweep/test-engines/vitest';
import type { DataSource, EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { typeormStore } from '../src/index.js';
import { dataSourceOf, onEach } from './support/data-source.js';

describe.each(onEach)('$release TypeORM on $engine', ({ release, engine }) => {
  const isPostgres = engine === 'postgres';
  const database = freshDatabase('typeorm', engine);
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await dataSourceOf(engine, database.url, { release }).initialize();
    const time = isPostgres ? 'timestamptz' : 'datetime(6)';
    await dataSource.query(
      `create table jobs (id bigint primary key, name varchar(99), state varchar(99), start_time ${time}, end_time ${time},
         error_msg varchar(999), exit_code varchar(99))`,
    );
    await dataSource.query(
      `create table resource_allocations (id bigint primary key, job_id bigint, status varchar(99),
         allocation_time ${time}, released_time ${time})`,
    );
  });
  beforeEach(async () => {
    await dataSource.query('delete from jobs');
    await dataSource.query(
      "insert into jobs (id, name, state, start_time) values (1, 'one', 'RUNNING', '2020-02-03 04:05:06')",
    );
  });
  afterAll(() => dataSource.destroy());

  const nameNow = async () => {
    const [row] = await dataSource.query<{ name: string }[]>('select name from jobs');
    return row?.name;
  };
  const rename = (manager: EntityManager) => manager.query("update jobs set name = 'changed' where id = 1");

  test('an operation refuses a manager that is in no transaction', async () => {
    const { repository } = typeormStore(dataSource);
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.rollbackTransaction();
    for (const session of [dataSource.manager, runner.manager, undefined, null, {}] as EntityManager[]) {
      await expect(repository.getStuckJobs(session, 48)).rejects.toMatchObject({
        code: 'SESSION_NOT_IN_TRANSACTION',
        message: expect.stringContaining("dataSource.transaction('READ COMMITTED'"),
      });
    }
    await runner.release();
  });

  test("an operation works in the caller's own transaction at READ COMMITTED", async () => {
    const { repository } = typeormStore(dataSource);
    const failed = await dataSource.transaction('READ COMMITTED', async (manager) => {
      const stuck = await repository.getStuckJobs(manager, 48);
      return repository.markJobsAsFailed(manager, stuck, 'Ran for two days');
    });
    expect(failed).toMatchObject([{ id: '1', state: 'FAILED' }]);
  });

  test('a transaction of the store that has read begins with what its host nests in it, and undoes that too', async () => {
    const { repository, transaction } = typeormStore(dataSource);
    const work = transaction(async (manager) => {
      await repository.getStuckJobs(manager, 48);
      await manager.transaction(rename);
      throw new RangeError('not so');
    });
    await expect(work).rejects.toThrow(RangeError);
    expect(await nameNow()).toBe('one');
  });

  test('what subscribers do at the beginning is part of a transaction of the store', async () => {
    const own = await dataSourceOf(engine, database.url, { release }).initialize();
    own.subscribers.push({ afterTransactionStart: ({ manager }) => rename(manager) });
    const { transaction } = typeormStore(own);
    await expect(transaction(() => Promise.reject(new RangeError('not so')))).rejects.toThrow(RangeError);
    expect(await nameNow()).toBe('one');
    await transaction(() => Promise.resolve());
    expect(await nameNow()).toBe('changed');
    await own.destroy();
  });

  test("a write refuses the caller's own transaction at a higher level", async () => {
    const { repository } = typeormStore(dataSource);
    const work = async (manager: EntityManager) =>
      repository.markJobsAsFailed(manager, await repository.getStuckJobs(manager, 48), 'Stuck');
    await expect(dataSource.transaction('REPEATABLE READ', work)).rejects.toMatchObject({
      code: 'ISOLATION_UNSUPPORTED',
    });
    expect(await nameNow()).toBe('one');
  });

  // PostgreSQL takes that level for READ COMMITTED.
  test(`a write ${isPostgres ? 'works in' : 'refuses'} the caller's own transaction at READ UNCOMMITTED`, async () => {
    const { repository } = typeormStore(dataSource);
    const work = async (manager: EntityManager) =>
      (await repository.markJobsAsFailed(manager, await repository.getStuckJobs(manager, 48), 'Stuck')).length;
    const done = dataSource.transaction('READ UNCOMMITTED', work).catch((error: { code?: unknown }) => error.code);
    expect(await done).toBe(isPostgres ? 1 : 'ISOLATION_UNSUPPORTED');
  });

  test('a write looks at the isolation of each transaction of a manager anew', async () => {
    const { repository } = typeormStore(dataSource);
    const runner = dataSource.createQueryRunner();
    const fail = async (level: 'READ COMMITTED' | 'REPEATABLE READ') => {
      await runner.startTransaction(level);
      try {
        const stuck = await repository.getStuckJobs(runner.manager, 48);
        return (await repository.markJobsAsFailed(runner.manager, stuck, 'Stuck')).length;
      } finally {
        await runner.rollbackTransaction();
      }
    };
    expect(await fail('READ COMMITTED')).toBe(1);
    await expect(fail('REPEATABLE READ')).rejects.toMatchObject({ code: 'ISOLATION_UNSUPPORTED' });
    await runner.release();
  });

  test('store.transaction commits, and gives what its work gives', async () => {
    const { transaction } = typeormStore(dataSource);
    expect(await transaction((manager) => rename(manager).then(() => 'done'))).toBe('done');
    expect(await nameNow()).toBe('changed');
  });

  test('store.transaction rolls back when its work rejects, and rejects with the same error', async () => {
    const { transaction } = typeormStore(dataSource);
    const failure = new RangeError('not so');
    const work = async (manager: EntityManager) => {
      await rename(manager);
      throw failure;
    };
    await expect(transaction(work)).rejects.toBe(failure);
    expect(await nameNow()).toBe('one');
  });

  test('store.transaction refuses writes when it is read-only, and the next one does not', async () => {
    const { transaction } = typeormStore(dataSource);
    await expect(transaction(rename, { readOnly: true })).rejects.toThrow(/read.only transaction/i);
    expect(await nameNow()).toBe('one');
    await transaction(rename);
    expect(await nameNow()).toBe('changed');
  });

  test('store.transaction leaves a pooled connection as it found it', async () => {
    const single = await dataSourceOf(engine, database.url, { release, poolSize: 1 }).initialize();
    const settings = () =>
      isPostgres
        ? single.query('select name, setting from pg_settings order by name')
        : single.query(
            `show session variables where variable_name like '%timeout%' or variable_name like '%statement_time'
               or variable_name like '%execution_time' or variable_name like '%zone' or variable_name like '%isolation'
               or variable_name like '%read_only'`,
          );
    const before: unknown = await settings();
    const { transaction } = typeormStore(single);
    await transaction(rename);
    await transaction(() => Promise.resolve(), { readOnly: true });
    await transaction(() => Promise.reject(new Error('not so'))).catch(() => undefined);
    expect(await settings()).toEqual(before);
    await single.destroy();
  });

  test('a read that takes too long is cancelled', async () => {
    const { transaction } = typeormStore(dataSource);
    const work = async (manager: EntityManager) => {
      await rename(manager);
      await manager.query(
        isPostgres
          ? 'select pg_sleep(60)'
          : 'select count(*) from information_schema.columns a, information_schema.columns b, information_schema.columns c',
      );
    };
    await expect(transaction(work, { timeoutSeconds: 0.05 })).rejects.toMatchObject({ code: 'STATEMENT_TIMEOUT' });
    expect(await nameNow()).toBe('one');
  });

  test.each([4, 1])('a write that takes too long is cancelled, with a pool of %i', async (poolSize) => {
    await slowDownWrites(dataSource, isPostgres);
    const own = await dataSourceOf(engine, database.url, { release, poolSize }).initialize();
    const { transaction, repository } = typeormStore(own);
    const work = async (manager: EntityManager) =>
      repository.markJobsAsFailed(manager, await repository.getStuckJobs(manager, 48), 'Stuck');
    await expect(transaction(work, { timeoutSeconds: 0.05 })).rejects.toMatchObject({ code: 'STATEMENT_TIMEOUT' });
    await dataSource.query(`drop trigger slow ${isPostgres ? 'on jobs' : ''}`);
    expect(await nameNow()).toBe('one');
    // The pool has a connection for whoever comes next.
    await typeormStore(own).transaction(rename);
    await own.destroy();
  });

  test('a connection that is lost within the work is CONNECTION_LOST, and the next one works', async () => {
    const { transaction, repository } = typeormStore(dataSource);
    const work = async (manager: EntityManager) => {
      await rename(manager);
      const [row] = await manager.query<{ id: number }[]>(
        `select ${isPostgres ? 'pg_backend_pid()' : 'connection_id()'} as id`,
      );
      await dataSource.query(isPostgres ? `select pg_terminate_backend(${row?.id}, 5000)` : `kill ${row?.id}`);
      await repository.getStuckJobs(manager, 48);
    };
    await expect(transaction(work)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await nameNow()).toBe('one');
    await transaction(rename);
    expect(await nameNow()).toBe('changed');
  });
});

async function slowDownWrites(dataSource: DataSource, isPostgres: boolean): Promise<void> {
  if (!isPostgres) {
    await dataSource.query('create trigger slow before update on jobs for each row set @slept = sleep(60)');
    return;
  }
  await dataSource.query(
    "create or replace function slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return new; end'",
  );
  await dataSource.query('create trigger slow before update on jobs for each row execute function slow()');
}
