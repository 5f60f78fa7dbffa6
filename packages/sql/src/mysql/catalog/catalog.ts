import type { Catalog } from '../../catalog.js';
import { kindOf, serverKind } from '../bounds.js';
import { explain } from './explain.js';
import { foreignKeys } from './foreign-keys.js';
import { indexFacts, makeIndex } from './indexes.js';
import { grants, missing } from './privileges.js';
import { relation, tableNames } from './relation.js';

/** What MySQL and MariaDB tell of themselves and their tables. */
export const mysqlCatalog: Catalog = {
  async server({ build, rows }) {
    // The store's own transactions set the zone of their session, so this is that of a new one.
    const facts = build.raw(
      'version() as version, @@global.time_zone as zone, convert(@@system_time_zone using utf8mb4) as systemzone',
    );
    const [row] = await rows<{ version: string; zone: string; systemzone: string }>(build.select(facts));
    const { version = '', zone = '', systemzone = '' } = row ?? {};
    return { product: kindOf(version), version, timeZone: zone === 'SYSTEM' ? `SYSTEM (${systemzone})` : zone };
  },

  relation,
  tableNames,
  maxNameLength: 64,
  index: indexFacts,
  makeIndex: (session, index, { lockTimeoutSeconds }) => makeIndex(session, index, lockTimeoutSeconds),
  foreignKeys,
  explain,
  // MariaDB lets whoever may read a row lock it.
  lockPrivileges: async (session) => ((await serverKind(session)) === 'MySQL' ? ['UPDATE', 'DELETE'] : []),
  missing,
  grants,
};
