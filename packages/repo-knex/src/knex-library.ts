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
  };
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
      const result: unknown = await bounded;
      return Array.isArray(result) ? (result as Row[]) : [];
    },
  };
}
