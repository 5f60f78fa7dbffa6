import type { Catalog } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import { kindOf, serverKind } from '../bounds.js';
import { explain } from './explain.js';
import { foreignKeys } from './foreign-keys.js';
import { indexFacts, indexOrders, makeIndex } from './indexes.js';
import { grants, missing } from './privileges.js';
import { enumMembers, relation, tableNames } from './relation.js';
import { writers } from './writers.js';

/** What MySQL and MariaDB tell of themselves and their tables. */
export const mysqlCatalog: Catalog = {
  async server(session) {
    const { build, rows } = session;
    // The store's own transactions set the zone of their session, so this is that of a new one.
    const facts = build.raw(
      'version() as version, @@global.time_zone as zone, convert(@@system_time_zone using utf8mb4) as systemzone',
    );
    const [row] = await rows<{ version: string; zone: string; systemzone: string }>(build.select(facts));
    const { version = '', zone = '', systemzone = '' } = row ?? {};
    const timeZone = zone === 'SYSTEM' ? `SYSTEM (${systemzone})` : zone;
    return { product: kindOf(version), version, timeZone, isWritable: await isWritable(session) };
  },

  writers,
  relation,
  enumMembers,
  tableNames,
  maxNameLength: 64,
  index: indexFacts,
  orders: indexOrders,
  makeIndex: (session, index, { lockTimeoutSeconds }) => makeIndex(session, index, lockTimeoutSeconds),
  foreignKeys,
  explain,
  // MariaDB lets whoever may read a row lock it.
  lockPrivileges: async (session) => ((await serverKind(session)) === 'MySQL' ? ['UPDATE', 'DELETE'] : []),
  missing,
  grants,
};

/** What keeps a server from taking writes while it is on; not every server knows each. `tx_` is MariaDB's older name. */
const READ_ONLY = [
  'read_only',
  'super_read_only',
  'innodb_read_only',
  'offline_mode',
  'transaction_read_only',
  'tx_read_only',
];

/** Nor does a node of Galera that is not ready. What is shown here needs no privilege. */
async function isWritable({ build, rows }: SqlSession): Promise<boolean> {
  const names = [...READ_ONLY, 'wsrep_on'].map((name) => `'${name}'`).join(', ');
  const shown = await rows<Shown>(build.raw(`show global variables where variable_name in (${names})`));
  const isOn = (name: string) => shown.some(({ Variable_name, Value }) => Variable_name === name && !isOff(Value));
  if (READ_ONLY.some(isOn)) return false;
  if (!isOn('wsrep_on')) return true;
  const [ready] = await rows<Shown>(build.raw("show global status like 'wsrep_ready'"));
  return ready === undefined || !isOff(ready.Value);
}

interface Shown {
  readonly Variable_name: string;
  readonly Value: string;
}

const isOff = (value: string): boolean => ['OFF', '0'].includes(value);
