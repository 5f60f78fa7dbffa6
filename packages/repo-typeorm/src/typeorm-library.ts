import type { SqlLibrary, Statement } from '@jobsweep/sql';
import createKnex, { type Knex } from 'knex';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { endedBy, withDeadline } from './deadline.js';
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
  // Without a connection of its own it makes statements, and can run none.
  const build = createKnex({ client: isPostgres ? 'pg' : 'mysql2' });

  return {
    howToBegin:
      "Call the operation with the `manager` of dataSource.transaction('READ COMMITTED', async (manager) => ...)",

    open(session) {
      // Without types, or through a cast, people pass the data source's own manager or one that has ended.
      const runner = (session as Partial<EntityManager> | undefined)?.queryRunner;
      if (runner?.isTransactionActive !== true) return undefined;
      return {
        build,
        rows: async <Row>(statement: Statement, timeoutMs?: number) => {
          const running = run<Row>(runner, statement);
          return timeoutMs === undefined ? running : withDeadline(dataSource, runner, running, timeoutMs);
        },
      };
    },

    async transaction(work, { readOnly }) {
      await ready();
      // Where there are replicas: what a lock is to hold off is written there alone.
      const runner = dataSource.createQueryRunner('master');
      const setReadOnly = async () => {
        if (readOnly) await runner.query('SET TRANSACTION READ ONLY');
      };
      try {
        // MySQL takes it for the next transaction, PostgreSQL for the one that has just begun.
        if (!isPostgres) await setReadOnly();
        await runner.startTransaction('READ COMMITTED');
        if (isPostgres) await setReadOnly();
        const result = await work(runner.manager);
        await runner.commitTransaction();
        return result;
      } catch (error) {
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw driverErrorOf(error);
      } finally {
        await runner.release();
      }
    },

    async outside(work, signal) {
      await ready();
      const runner = dataSource.createQueryRunner('master');
      const rows = <Row>(statement: Statement) => endedBy(signal, dataSource, runner, run<Row>(runner, statement));
      try {
        return await work({ build, rows });
      } finally {
        await runner.release();
      }
    },
  };
}

/** Rows of a statement. A runner that is released in the middle of its transaction has lost its connection. */
async function run<Row>(runner: QueryRunner, statement: Statement): Promise<Row[]> {
  if (runner.isReleased) throw new Error('Connection terminated in the middle of a transaction');
  const { sql, bindings } = toNative(statement);
  try {
    const { records } = await runner.query(sql, [...bindings], true);
    return records as Row[];
  } catch (error) {
    throw driverErrorOf(error);
  }
}

function toNative(statement: Statement): Knex.SqlNative {
  const compiled = statement.toSQL() as Knex.Sql | readonly Knex.Sql[];
  const [first, ...more] = Array.isArray(compiled) ? (compiled as readonly Knex.Sql[]) : [compiled as Knex.Sql];
  if (first === undefined || more.length > 0) throw new TypeError('One statement is expected');
  return first.toNative();
}

/** TypeORM wraps what the driver said into an error of its own. */
function driverErrorOf(error: unknown): unknown {
  const { driverError } = (error ?? {}) as { readonly driverError?: unknown };
  return driverError instanceof Error ? driverError : error;
}
