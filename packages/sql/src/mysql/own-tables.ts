import { quoted, quotedName } from '../driver/source.js';
import { sql } from '../driver/sql.js';
import type { OwnDialect } from '../service/own-dialect.js';

const QUOTES = { quote: '`' } as const;

/** jobsweep's own tables on MySQL and MariaDB. All times are UTC. */
export const mysqlOwnTables: OwnDialect = {
  types: {
    text: 'varchar',
    longText: 'mediumtext',
    count: 'bigint',
    milliseconds: 'decimal(15, 3)',
    time: 'datetime(6)',
    number: 'bigint AUTO_INCREMENT',
  },

  // Names are compared to the letter, and locks are those of rows.
  tableOptions: ' ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',

  indexesInTable: true,

  columns: ({ schema, name }) =>
    sql`select c.column_name as name from information_schema.columns as c where c.table_schema = coalesce(${schema ?? null}, database()) and c.table_name = ${name}`,

  // It has all that is unique in the other one, and the counter; not its foreign keys.
  async likeness({ run }, { of, table, key, unique }) {
    const name = quotedName(QUOTES, table);
    const counted = await run(sql`
      select c.column_name as name, c.column_type as type from information_schema.columns as c
      where c.table_schema = coalesce(${of.schema ?? null}, database()) and c.table_name = ${of.name}
        and c.extra like '%auto_increment%'`);
    const changes = [
      ...counted.map((each) => `MODIFY ${quoted(QUOTES, each.name ?? '')} ${each.type} NOT NULL`),
      ...unique
        .filter(({ columns }) => !columns.every((column) => key.includes(column)))
        .map((index) => `DROP INDEX ${quoted(QUOTES, index.name)}`),
    ];
    const make = `CREATE TABLE IF NOT EXISTS ${name} LIKE ${quotedName(QUOTES, of)}`;
    return changes.length === 0 ? [make] : [make, `ALTER TABLE ${name} ${changes.join(', ')}`];
  },

  // The server's own lock on the name lets one of them make it, and the others find it there.
  makeAlone: () => Promise.resolve(),

  // A table that was there already is worth a note to the server.
  async hasMade({ run }) {
    const [row] = await run(sql`select @@session.warning_count as notes`);
    return Number(row?.notes) === 0;
  },

  isMadeByAnother: () => false,
};
