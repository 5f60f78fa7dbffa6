import type { Catalog } from '../../catalog.js';
import { explain } from './explain.js';
import { foreignKeys } from './foreign-keys.js';
import { indexFacts, indexOrders } from './indexes.js';
import { makeIndex } from './make-index.js';
import { grants, missing } from './privileges.js';
import { enumMembers, relation, tableNames } from './relation.js';

/** What PostgreSQL tells of itself and its tables. */
export const postgresCatalog: Catalog = {
  async server({ build, rows }) {
    const facts = build.raw(
      "split_part(version(), ' ', 1) as product, current_setting('server_version') as version, " +
        "current_setting('TimeZone') as zone, " +
        "(not pg_is_in_recovery() and current_setting('default_transaction_read_only') = 'off') as writable",
    );
    const [row] = await rows<{ product: string; version: string; zone: string; writable: boolean }>(
      build.select(facts),
    );
    const { product = '', version = '', zone = '', writable = false } = row ?? {};
    return { product, version, timeZone: zone, isWritable: writable };
  },

  writers: async () => undefined,
  relation,
  enumMembers,
  tableNames,
  maxNameLength: 63,
  index: indexFacts,
  orders: indexOrders,
  makeIndex: (session, index, { signal }) => makeIndex(session, index, signal),
  foreignKeys,
  explain,
  lockPrivileges: async () => ['UPDATE'],
  missing,
  grants,
};
