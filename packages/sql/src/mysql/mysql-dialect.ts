import type { Dialect } from '../dialect.js';
import type { Words } from '../driver/words.js';
import { beginTransaction, looksOf, requireSkipLocked, type ServerKind, serverVersion } from './bounds.js';
import { mysqlCatalog } from './catalog/catalog.js';
import { tidbIsolation, transactionIsolation } from './isolation.js';
import { mysqlOwnTables } from './own-tables.js';
import { isHeldByOthers, mysqlErrors } from './translate-error.js';
import { mysqlWire } from './wire.js';
import { mysqlWords, tidbWords } from './words.js';

const WORDS: Readonly<Record<ServerKind, Words>> = { MySQL: mysqlWords, MariaDB: mysqlWords, TiDB: tidbWords };

/** MySQL 8.0 or later, MariaDB 10.6 or later and TiDB through `mysql2`. */
export function mysqlDialect(): Dialect {
  let kind: ServerKind | undefined;
  return {
    defaultCodec: 'utcDateTime',

    async meet(session) {
      kind ??= requireSkipLocked(await serverVersion(session));
    },

    undidItselfAlone: (error) => isHeldByOthers(error),

    isolation: (session, touch) => (kind === 'TiDB' ? tidbIsolation : transactionIsolation)(session, touch),

    begin: (control, bounds) => beginTransaction(control, kind ?? 'MySQL', bounds),

    look: (control, bounds) => looksOf(control, kind ?? 'MySQL', bounds),

    bindsLists: false,
    get words() {
      return kind === undefined ? mysqlWords : WORDS[kind];
    },

    catalog: mysqlCatalog(() => kind ?? 'MySQL'),

    wire: mysqlWire,

    errors: mysqlErrors,

    own: mysqlOwnTables,
  };
}
