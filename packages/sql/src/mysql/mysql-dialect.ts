import type { Dialect } from '../dialect.js';
import { boundTransaction, requireSkipLocked, type ServerKind, serverVersion } from './bounds.js';
import { mysqlCatalog } from './catalog/catalog.js';
import { tidbIsolation, transactionIsolation } from './isolation.js';
import { mysqlOwnTables } from './own-tables.js';
import { isHeldByOthers, isMysqlError, translateMysqlError } from './translate-error.js';
import { typeHolds } from './types.js';
import { uniqueKeys } from './unique-keys.js';
import { mysqlWire } from './wire.js';
import { mysqlWords, tidbWords } from './words.js';

/** MySQL 8.0 or later, MariaDB 10.6 or later and TiDB through `mysql2`. */
export function mysqlDialect(): Dialect {
  let kind: ServerKind | undefined;
  return {
    defaultCodec: 'utcDateTime',

    async meet(session) {
      kind ??= requireSkipLocked(await serverVersion(session));
    },

    get hasReadOnly() {
      return kind !== 'TiDB';
    },

    undidItselfAlone: (error) => isHeldByOthers(error),

    isolation: (session, touch) => (kind === 'TiDB' ? tidbIsolation : transactionIsolation)(session, touch),

    bound: (session, bounds) => boundTransaction(session, kind ?? 'MySQL', bounds),

    get words() {
      return kind === 'TiDB' ? tidbWords : mysqlWords;
    },

    catalog: mysqlCatalog,

    wire: mysqlWire,

    recognizes: isMysqlError,

    translate: translateMysqlError,

    typeOf(build, column, name, { schema, table }) {
      const type =
        'select c.data_type from information_schema.columns as c ' +
        'where c.table_schema = coalesce(?, database()) and c.table_name = ? and c.column_name = ?';
      // The name alone would be no error where there is no such column; its value, cut to nothing, is.
      return build.raw(`concat(left(coalesce(?, ''), 0), (${type}))`, [column, schema ?? null, table, name]);
    },

    typeHolds,

    uniqueKeys,

    own: mysqlOwnTables,
  };
}
