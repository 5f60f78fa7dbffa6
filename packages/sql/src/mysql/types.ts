import type { ColumnTypes } from '../catalog.js';

/** The types of MySQL and MariaDB. */
export const mysqlTypes: ColumnTypes = {
  of: {
    instant: ['timestamp'],
    utcDateTime: ['datetime'],
    epochSeconds: ['int', 'bigint', 'decimal'],
    epochMillis: ['bigint', 'decimal'],
    text: ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'],
  },
  others: ['tinyint', 'smallint', 'mediumint', 'float', 'double', 'bit', 'date', 'time', 'year', 'json', 'enum', 'set'],
};
