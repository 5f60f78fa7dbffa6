import type { Dialect, StatementBounds } from '../dialect.js';
import { type Bound, inlined, type Sql, sql, verbatim } from '../driver/sql.js';
import type { SqlSession } from '../library.js';
import { postgresCatalog } from './catalog/catalog.js';
import { postgresOwnTables } from './own-tables.js';
import { requireRelease } from './release.js';
import { postgresErrors } from './translate-error.js';
import { isWhole, literalOf, postgresWire } from './wire.js';
import { postgresWords } from './words.js';

/** PostgreSQL 10 or later through `pg`. */
export function postgresDialect(): Dialect {
  let isMet = false;
  return {
    defaultCodec: 'instant',

    async meet(session) {
      if (!isMet) await requireRelease(session);
      isMet = true;
    },

    undidItselfAlone: () => false,

    isolation,

    async begin({ run, script }, bounds, raw) {
      const mode = bounds.readOnly ? 'read committed, read only' : 'read committed';
      const [row] = await script(`begin isolation level ${mode}; select ${settings(bounds)}, ${CLOCK}`);
      // They were set for the transaction alone, and end with it. In one that has failed the server refuses any statement,
      // but not COMMIT: it rolls back and says nothing that libraries look at, which matters where something was written.
      const restore = async () => {
        if (!bounds.readOnly && !isWhole(raw)) await isolation({ run });
      };
      return { restore, now: BigInt(row?.now ?? 0) };
    },

    async look({ run, script }, bounds, raw) {
      const [row] = await run(verbatim(`select ${CLOCK}`));
      // Statements that are sent together are a transaction, and end it, without any that begins one.
      const mode = 'set transaction isolation level read committed, read only';
      const literal = (value: Bound) => literalOf(raw, value);
      const read = (statement: Sql) => script(`${mode}; select ${settings(bounds)}; ${inlined(statement, literal)}`);
      return { now: BigInt(row?.now ?? 0), read };
    },

    words: postgresWords,
    bindsLists: true,

    catalog: postgresCatalog,

    wire: postgresWire,

    errors: postgresErrors,

    own: postgresOwnTables,
  };
}

const CLOCK = `${postgresWords.now.parts.join('')} as now`;

/** Bounds that end with the transaction, for one statement: server and driver have less to do with it than with three. */
function settings({ statementTimeoutSeconds, lockTimeoutSeconds, idleTimeoutSeconds }: StatementBounds): string {
  const all = Object.entries({
    statement_timeout: statementTimeoutSeconds,
    lock_timeout: lockTimeoutSeconds,
    idle_in_transaction_session_timeout: idleTimeoutSeconds,
  });
  return all.map(([name, seconds]) => `set_config('${name}', '${Math.ceil(seconds * 1000)}', true)`).join(', ');
}

async function isolation({ run }: Pick<SqlSession, 'run'>): Promise<string> {
  const [row] = await run(sql`select current_setting('transaction_isolation') as isolation`);
  // Which this server treats the same.
  return row?.isolation === 'read uncommitted' ? 'read committed' : (row?.isolation ?? 'untold');
}
