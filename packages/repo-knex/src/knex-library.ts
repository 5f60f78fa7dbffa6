import {
  marked,
  type PooledConnection,
  preparedName,
  type RawRow,
  type Sql,
  type SqlLibrary,
  type SqlSession,
  verbatim,
} from '@jobsweep/sql';
import type { Knex } from 'knex';

/** Runs SQL on the user's own knex instance: its pool, its identifier wrapping, its event listeners. */
export function knexLibrary(knex: Knex): SqlLibrary<Knex.Transaction> {
  return {
    howToBegin:
      'Call the operation with the `trx` of ' +
      "knex.transaction(async (trx) => ..., { isolationLevel: 'read committed' })",

    wrapIdentifier: (name, quote) => (knex.client as Wrapping).customWrapIdentifier(name, quote),

    open(session) {
      // Without types, or through a cast, people pass the knex instance itself or a transaction that has ended.
      const given = session as Partial<Knex.Transaction> | undefined;
      const isOpen = given?.isTransaction === true && given.isCompleted?.() === false;
      return isOpen ? sessionOf(session) : undefined;
    },

    async take() {
      const client = knex.client as PoolClient;
      return pooled(knex, client, await client.acquireConnection());
    },
  };
}

/** What knex's clients have, and its types do not tell: `wrapIdentifier` of the user's config. */
interface Wrapping {
  customWrapIdentifier(name: string, quote: (name: string) => string): string;
}

/** What knex gives its drivers. */
interface NativeStatement {
  readonly method: 'raw';
  readonly sql: string;
  readonly bindings: readonly unknown[];
  /** What `pg` is told besides. */
  readonly options?: { readonly name: string };
}

/** What knex's clients have, and its types do not tell: the pool, and the way to the driver. */
interface PoolClient {
  readonly dialect?: string;
  query(connection: RawConnection, statement: NativeStatement): Promise<{ readonly response: unknown }>;
  acquireConnection(): Promise<RawConnection>;
  releaseConnection(connection: RawConnection): Promise<void>;
}

/** knex's own notes on a connection. */
interface RawConnection {
  __knexTxId?: string;
  /** Why the pool is to throw it away. */
  __knex__disposed?: unknown;
}

/** knex's own transaction, behind the handle that people know. */
interface OwnTransaction extends Promise<unknown> {
  begin(connection: RawConnection): Promise<unknown>;
}

function pooled(knex: Knex, client: PoolClient, raw: RawConnection): PooledConnection<Knex.Transaction> {
  return {
    raw,
    control: {
      run: async (statement) => rowsOf(await answerTo(client, raw, statement)),
      change: async (statement) => changedBy(await answerTo(client, raw, statement)),
      async script(statements) {
        const results = (await answerTo(client, raw, verbatim(statements))) as readonly { readonly rows: RawRow[] }[];
        return results.at(-1)?.rows ?? [];
      },
    },
    open: (begun) =>
      new Promise((resolve, reject) => {
        const opened = (transaction: Knex.Transaction) => {
          // Whatever runs on it asks for the connection first.
          (transaction.client as PoolClient).acquireConnection = async () => {
            await begun();
            return raw;
          };
          resolve(transaction);
        };
        const transaction = knex.transaction(opened, { connection: raw }) as unknown as OwnTransaction;
        // What begins it is told to the server by the store.
        transaction.begin = async () => undefined;
        transaction.catch(reject);
      }),
    async commit(transaction) {
      // What it gives itself says nothing of a failure.
      await transaction.commit();
      await transaction.executionPromise;
    },
    async rollback(transaction) {
      if (transaction.isCompleted()) return;
      // What it gives itself says nothing of a ROLLBACK that failed, or was not answered.
      await transaction.rollback();
      await transaction.executionPromise;
    },
    async release(isBroken) {
      delete raw.__knexTxId;
      if (isBroken) raw.__knex__disposed = 'given up by jobsweep';
      await client.releaseConnection(raw);
    },
  };
}

/** Rows of a query, or of a statement in plain SQL, whose result is the driver's own: `pg` has an object, `mysql2` a pair. */
function rowsOf(result: unknown): RawRow[] {
  const own = Array.isArray(result) ? result : (result as { readonly rows?: unknown } | undefined)?.rows;
  if (!Array.isArray(own)) return [];
  const [first] = own as unknown[];
  if (Array.isArray(first)) return first as RawRow[];
  return own.length === 2 && own[1] === undefined ? [] : (own as RawRow[]);
}

function sessionOf(transaction: Knex.Transaction): SqlSession {
  // In a transaction its connection is the only one that there is.
  const client = transaction.client as PoolClient;
  return {
    transaction,
    run: async (statement) => rowsOf(await answerTo(client, await client.acquireConnection(), statement)),
    change: async (statement) => changedBy(await answerTo(client, await client.acquireConnection(), statement)),
  };
}

/** How many rows a statement changed: `pg` has an object, `mysql2` a pair. */
function changedBy(result: unknown): number {
  const own = (Array.isArray(result) ? result[0] : result) as { rowCount?: number | null; affectedRows?: number };
  return own.affectedRows ?? own.rowCount ?? 0;
}

/** What the driver says to a statement, past what the user's configuration makes of results: its names are none of theirs. */
async function answerTo(client: PoolClient, connection: RawConnection, statement: Sql): Promise<unknown> {
  return (await client.query(connection, nativeOf(client, statement))).response;
}

/** A statement as knex takes it, which reads every `?` that has no backslash before it as the place of a value. */
function nativeOf(client: PoolClient, statement: Sql): NativeStatement {
  if (client.dialect === 'mysql') {
    const { text, values } = marked(statement);
    return { method: 'raw', sql: text, bindings: values };
  }
  const text = statement.parts.map((part) => part.replaceAll('?', '\\?')).join('?');
  const options = statement.isPrepared && { options: { name: preparedName(text) } };
  return { method: 'raw', sql: text, bindings: statement.values, ...options };
}
