import { quoted, quotedName } from '../driver/source.js';
import { sql } from '../driver/sql.js';
import type { OwnDialect } from '../service/own-dialect.js';

const QUOTES = { quote: '"' } as const;

/** Any number that other programs are unlikely to take for a lock of theirs in the same database. */
const LOCK_KEY = '1785688691207';

/** Two that make the same table: unique_violation in the catalogue, duplicate_table, duplicate_object. */
const MADE_BY_ANOTHER: readonly unknown[] = ['23505', '42P07', '42710'];

/** jobsweep's own tables on PostgreSQL. */
export const postgresOwnTables: OwnDialect = {
  types: {
    text: 'varchar',
    longText: 'text',
    count: 'bigint',
    milliseconds: 'numeric(15, 3)',
    time: 'timestamptz',
    number: 'bigint GENERATED ALWAYS AS IDENTITY',
  },

  tableOptions: '',

  indexesInTable: false,

  columns: (_table, quoted) =>
    sql`select a.attname::text as name from pg_catalog.pg_attribute as a where a.attrelid = to_regclass(${quoted}) and a.attnum > 0 and not a.attisdropped`,

  async likeness(_session, { of, table, key }) {
    const columns = key.map((column) => quoted(QUOTES, column)).join(', ');
    const like = `LIKE ${quotedName(QUOTES, of)}, PRIMARY KEY (${columns})`;
    return [`CREATE TABLE IF NOT EXISTS ${quotedName(QUOTES, table)} (${like})`];
  },

  // `IF NOT EXISTS` does not see the table of a transaction that is not committed yet.
  async makeAlone({ run }) {
    await run(sql`select pg_advisory_xact_lock(${LOCK_KEY})::text as locked`);
  },

  hasMade: () => Promise.resolve(true),

  isMadeByAnother: (error) => MADE_BY_ANOTHER.includes((error as { code?: unknown } | undefined)?.code),
};
