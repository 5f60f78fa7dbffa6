import {
  marked,
  type NativeSql,
  numbered,
  type PooledConnection,
  type RawRow,
  type RawRows,
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
  return {
    howToBegin:
      "Call the operation with the `manager` of dataSource.transaction('READ COMMITTED', async (manager) => ...)",

    open(session) {
      // Without types, or through a cast, people pass the data source's own manager or one that has ended.
      const runner = (session as Partial<EntityManager> | undefined)?.queryRunner;
      return runner?.isTransactionActive === true ? sessionOf(runner, dataSource) : undefined;
    },

    async take() {
      await ready();
      // Where there are replicas: what a lock is to hold off is written there alone.
      const runner = dataSource.createQueryRunner('master');
      return pooled(dataSource, runner, (await runner.connect()) as object);
    },
  };
}

function pooled(dataSource: DataSource, runner: QueryRunner, raw: object): PooledConnection<EntityManager> {
  // Whatever a runner runs asks it for the connection first: this one has it at once, whatever the other one waits for.
  const own = Object.create(runner, { connect: { value: async () => raw } }) as QueryRunner;
  Object.assign(own, { query: runner.query.bind(own) });
  return {
    raw,
    control: {
      ...sessionOf(own, dataSource),
      async script(statements) {
        // What TypeORM gives of several statements is nothing.
        dataSource.logger.logQuery(statements, [], runner);
        return (await (raw as PgClient).query(statements)).at(-1)?.rows ?? [];
      },
    },
    async open(begun) {
      const connect = async () => {
        await begun();
        return raw;
      };
      const query = runner.query.bind(runner);
      const unlessBegins = async (...given: Parameters<QueryRunner['query']>): Promise<unknown> =>
        BEGINNING.includes(given[0]) ? undefined : query(...given);
      // What begins it is told to the server by the store.
      await Object.assign(runner, { connect, query: unlessBegins }).startTransaction('READ COMMITTED');
      Object.assign(runner, { query });
      return runner.manager;
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

/** What TypeORM begins a transaction with. */
const BEGINNING = ['START TRANSACTION', 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED'];

/** What `pg` gives of several statements, and of one that it prepares. */
interface PgClient {
  query(statements: string): Promise<readonly { readonly rows: RawRows }[]>;
  query(statement: Required<NativeSql>): Promise<{ readonly rows: RawRows; readonly rowCount: number | null }>;
}

function sessionOf(runner: QueryRunner, dataSource: DataSource): SqlSession {
  const answer = (statement: Sql) => answerTo(runner, nativeOf(statement, dataSource), dataSource);
  return {
    run: async (statement) => (await answer(statement)).records as RawRow[],
    change: async (statement) => (await answer(statement)).affected ?? 0,
  };
}

const nativeOf = (statement: Sql, { options }: DataSource): NativeSql =>
  options.type === 'postgres' ? numbered(statement) : marked(statement);

type Answer = Pick<QueryResult, 'records' | 'affected'>;

/** What comes of a statement. A runner that is released in the middle of its transaction has lost its connection. */
async function answerTo(
  runner: QueryRunner,
  { text, values, name }: NativeSql,
  { logger }: DataSource,
): Promise<Answer> {
  if (runner.isReleased) throw new Error('Connection terminated in the middle of a transaction');
  try {
    if (name === undefined) return await runner.query(text, [...values], true);
    // TypeORM itself has no way to prepare a statement.
    logger.logQuery(text, [...values], runner);
    const client = (await runner.connect()) as PgClient;
    const { rows, rowCount } = await client.query({ name, text, values });
    return { records: [...rows], affected: rowCount ?? 0 };
  } catch (error) {
    throw driverErrorOf(error);
  }
}

/** TypeORM wraps what the driver said into an error of its own. */
function driverErrorOf(error: unknown): unknown {
  const { driverError } = (error ?? {}) as { readonly driverError?: unknown };
  return driverError instanceof Error ? driverError : error;
}
