import type { ColumnTypes } from '../catalog.js';

const TEXTS = ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'];
const NUMBERS = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'float', 'double'];

/** The types of MySQL and MariaDB. */
export const mysqlTypes: ColumnTypes = {
  of: {
    instant: ['timestamp'],
    utcDateTime: ['datetime'],
    localDateTime: ['datetime'],
    epochSeconds: ['int', 'bigint', 'decimal'],
    epochMillis: ['bigint', 'decimal'],
    isoText: TEXTS,
    text: TEXTS,
    number: NUMBERS,
    json: ['json', ...TEXTS],
  },
  others: ['bit', 'date', 'time', 'year', 'enum', 'set'],
};
