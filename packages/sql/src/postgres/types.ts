import type { ColumnTypes } from '../catalog.js';

const OTHER_NUMBERS = ['smallint', 'double precision', 'real', 'boolean'];
const OTHER_TIMES = ['date', 'time without time zone', 'interval'];

/** The types of PostgreSQL; nobody knows of domains and types of extensions. */
export const postgresTypes: ColumnTypes = {
  of: {
    instant: ['timestamp with time zone'],
    utcDateTime: ['timestamp without time zone'],
    epochSeconds: ['integer', 'bigint', 'numeric'],
    epochMillis: ['bigint', 'numeric'],
    text: ['text', 'character varying', 'character', 'citext'],
  },
  others: [...OTHER_NUMBERS, ...OTHER_TIMES, 'uuid', 'json', 'jsonb', 'bytea'],
};
