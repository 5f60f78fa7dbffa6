import {
  marked,
  type NativeSql,
  numbered,
  type PooledConnection,
  type RawRow,
  type Sql,
  type SqlLibrary,
  type SqlSession,
} from '@jobsweep/sql';
import type { DataSource, EntityManager, QueryResult, QueryRunner } from 'typeorm';
import { requireInitialized } from './initialized.js';

/**
 * Runs SQL on the user's own data source: its pool, its logging, its subscribers.
 *
 * @param ready is waited for before each transaction. Default: throws where the data source is not initialized.
 */
export function typeormLibrary(
  dataSource: DataSource,
  ready: () => Promise<void> | void = () => requireInitialized(dataSource),
): SqlLibrary<EntityManager> {
  const isPostgres = dataSource.options.type === 'postgres';

  return {
    howToBegin:
      "Call the operation with the `manager` of dataSource.transaction('READ COMMITTED', async (manager) => ...)",

    open(session) {
      // Without types, or through a cast, people pass the data source's own manager or one that has ended.
      const runner = (session as Partial<EntityManager> | undefined)?.queryRunner;
      return runner?.isTransactionActive === true ? sessionOf(runner, isPostgres) : undefined;
    },

    async take() {
      await ready();
      // Where there are replicas: what a lock is to hold off is written there alone.
      const runner = dataSource.createQueryRunner('master');
      return pooled(runner, (await runner.connect()) as object, isPostgres);
    },
  };
}

function pooled(runner: QueryRunner, raw: object, isPostgres: boolean): PooledConnection<EntityManager> {
  return {
    raw,
    session: sessionOf(runner, isPostgres),
    async begin({ readOnly }) {
      const setReadOnly = async () => {
        if (readOnly) await runner.query('SET TRANSACTION READ ONLY');
      };
      try {
        // MySQL takes it for the next transaction, PostgreSQL for the one that has just begun.
        if (!isPostgres) await setReadOnly();
        await runner.startTransaction('READ COMMITTED');
        if (isPostgres) await setReadOnly();
        return runner.manager;
      } catch (error) {
        throw driverErrorOf(error);
      }
    },
    async commit() {
      await runner.commitTransaction().catch((error: unknown) => {
        throw driverErrorOf(error);
      });
    },
    async rollback() {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
    },
    async release(isBroken) {
      // TypeORM's way to tell the pool of PostgreSQL; that of MySQL sees by itself what was destroyed.
      const postgres: QueryRunner & { releasePostgresConnection?(error: Error): Promise<void> } = runner;
      if (isBroken) await postgres.releasePostgresConnection?.(new Error('given up by jobsweep'));
      await runner.release();
    },
  };
}

const sessionOf = (runner: QueryRunner, isPostgres: boolean): SqlSession => ({
  run: async (statement) => (await answerTo(runner, nativeOf(statement, isPostgres))).records as RawRow[],
  change: async (statement) => (await answerTo(runner, nativeOf(statement, isPostgres))).affected ?? 0,
});

const nativeOf = (statement: Sql, isPostgres: boolean): NativeSql =>
  isPostgres ? numbered(statement) : marked(statement);

/** What comes of a statement. A runner that is released in the middle of its transaction has lost its connection. */
async function answerTo(runner: QueryRunner, { text, values }: NativeSql): Promise<QueryResult> {
  if (runner.isReleased) throw new Error('Connection terminated in the middle of a transaction');
  try {
    return await runner.query(text, [...values], true);
  } catch (error) {
    throw driverErrorOf(error);
  }
}

/** TypeORM wraps what the driver said into an error of its own. */
function driverErrorOf(error: unknown): unknown {
  const { driverError } = (error ?? {}) as { readonly driverError?: unknown };
  return driverError instanceof Error ? driverError : error;
}
