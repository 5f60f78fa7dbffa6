import { sql } from '../driver/sql.js';
import type { OwnDialect } from '../service/own-dialect.js';

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

  // The server's own lock on the name lets one of them make it, and the others find it there.
  makeAlone: () => Promise.resolve(),

  // A table that was there already is worth a note to the server.
  async hasMade({ run }) {
    const [row] = await run(sql`select @@session.warning_count as notes`);
    return Number(row?.notes) === 0;
  },

  isMadeByAnother: () => false,
};
