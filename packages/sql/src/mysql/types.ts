import type { ColumnTypes } from '../catalog.js';

const TEXTS = ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'];
const BYTES = ['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob'];
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
  inexact: ['float', 'bit', 'json', ...BYTES],
  others: ['bit', 'date', 'time', 'year', 'enum', 'set'],
};
