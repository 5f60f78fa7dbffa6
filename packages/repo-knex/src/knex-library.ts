import type { SqlLibrary, SqlSession, Statement } from '@jobsweep/sql';
import type { Knex } from 'knex';

/** Runs SQL on the user's own knex instance: its pool, its identifier wrapping, its event listeners. */
export function knexLibrary(knex: Knex): SqlLibrary<Knex.Transaction> {
  return {
    howToBegin:
      'Call the operation with the `trx` of ' +
      "knex.transaction(async (trx) => ..., { isolationLevel: 'read committed' })",

    open(session) {
      // Without types, or through a cast, people pass the knex instance itself or a transaction that has ended.
      const given = session as Partial<Knex.Transaction> | undefined;
      const isOpen = given?.isTransaction === true && given.isCompleted?.() === false;
      return isOpen ? sessionOf(session) : undefined;
    },

    transaction: (work, { readOnly }) => knex.transaction(work, modeOf(knex, readOnly)),

    async outside(work, signal) {
      const client = knex.client as PoolClient;
      const connection = await client.acquireConnection();
      const rows = async <Row>(statement: Statement) => {
        const cancel = () => void client.cancelQuery(connection).catch(() => undefined);
        signal?.addEventListener('abort', cancel);
        try {
          return rowsOf<Row>(await onConnection(statement, connection));
        } finally {
          signal?.removeEventListener('abort', cancel);
        }
      };
      try {
        return await work({ build: knex, rows });
      } finally {
        await client.releaseConnection(connection);
      }
    },
  };
}

/** What knex's clients have, and its types do not tell: the pool, and how to end a statement from another connection. */
interface PoolClient {
  acquireConnection(): Promise<object>;
  releaseConnection(connection: object): Promise<void>;
  cancelQuery(connection: object): Promise<unknown>;
}

/** A builder is a promise too, so it is not given back as one. */
const onConnection = (statement: Statement, connection: object): PromiseLike<unknown> =>
  (statement as { connection(connection: object): PromiseLike<unknown> }).connection(connection);

/** Rows of a query, or of a statement in plain SQL, whose result is the driver's own: `pg` has an object, `mysql2` a pair. */
function rowsOf<Row>(result: unknown): Row[] {
  const own = Array.isArray(result) ? result : (result as { readonly rows?: unknown } | undefined)?.rows;
  if (!Array.isArray(own)) return [];
  const [first] = own as unknown[];
  if (Array.isArray(first)) return first as Row[];
  return own.length === 2 && own[1] === undefined ? [] : (own as Row[]);
}

/** knex joins the two modes without the comma that MySQL wants; who only reads can do without the first. */
function modeOf(knex: Knex, readOnly: boolean): Knex.TransactionConfig {
  const { dialect } = knex.client as { readonly dialect?: string };
  return dialect === 'mysql' && readOnly ? { readOnly } : { isolationLevel: 'read committed', readOnly };
}

function sessionOf(transaction: Knex.Transaction): SqlSession {
  return {
    build: transaction,
    async rows<Row>(statement: Statement, timeoutMs?: number): Promise<Row[]> {
      const bounded = timeoutMs === undefined ? statement : statement.timeout(timeoutMs, { cancel: true });
      return rowsOf<Row>(await (bounded as PromiseLike<unknown>));
    },
  };
}
