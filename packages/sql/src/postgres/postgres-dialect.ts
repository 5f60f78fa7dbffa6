import type { Dialect } from '../dialect.js';
import { joined, type Sql, sql } from '../driver/sql.js';
import type { SqlSession } from '../library.js';
import { postgresCatalog } from './catalog/catalog.js';
import { postgresOwnTables } from './own-tables.js';
import { postgresErrors } from './translate-error.js';
import { isWhole, postgresWire } from './wire.js';
import { postgresWords } from './words.js';

/** PostgreSQL through `pg`. */
export const postgresDialect: Dialect = {
  defaultCodec: 'instant',

  meet: async () => undefined,
  hasReadOnly: true,
  undidItselfAlone: () => false,

  isolation,

  async bound({ run }, bounds, raw) {
    const setting = (name: string, seconds: number): Sql =>
      sql`set_config(${name}, ${`${Math.ceil(seconds * 1000)}ms`}, true)`;
    const { statementTimeoutSeconds, lockTimeoutSeconds, idleTimeoutSeconds } = bounds;
    const settings = [
      setting('statement_timeout', statementTimeoutSeconds),
      setting('lock_timeout', lockTimeoutSeconds),
      setting('idle_in_transaction_session_timeout', idleTimeoutSeconds),
    ];
    const [row] = await run(sql`select ${joined(settings, ', ')}, ${postgresWords.now} as now`);
    // They were set for the transaction alone, and end with it. In one that has failed the server refuses any statement,
    // but not COMMIT: it rolls back and says nothing that libraries look at, which matters where something was written.
    const restore = async () => {
      if (!bounds.readOnly && !isWhole(raw)) await isolation({ run });
    };
    return { restore, now: BigInt(row?.now ?? 0) };
  },

  words: postgresWords,

  catalog: postgresCatalog,

  wire: postgresWire,

  errors: postgresErrors,

  own: postgresOwnTables,
};

async function isolation({ run }: Pick<SqlSession, 'run'>): Promise<string> {
  const [row] = await run(sql`select current_setting('transaction_isolation') as isolation`);
  // Which this server treats the same.
  return row?.isolation === 'read uncommitted' ? 'read committed' : (row?.isolation ?? 'untold');
}
