import type { ColumnTypes } from '../catalog.js';

const TEXTS = ['text', 'character varying', 'character', 'citext'];
const OTHER_TIMES = ['date', 'time without time zone', 'interval'];

/** The types of PostgreSQL; nobody knows of domains and types of extensions. */
export const postgresTypes: ColumnTypes = {
  of: {
    instant: ['timestamp with time zone'],
    utcDateTime: ['timestamp without time zone'],
    localDateTime: ['timestamp without time zone'],
    epochSeconds: ['integer', 'bigint', 'numeric'],
    epochMillis: ['bigint', 'numeric'],
    isoText: TEXTS,
    text: TEXTS,
    number: ['smallint', 'integer', 'bigint', 'numeric', 'double precision', 'real'],
    json: ['json', 'jsonb', ...TEXTS],
  },
  inexact: ['json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle'],
  others: [...OTHER_TIMES, 'boolean', 'uuid', 'bytea'],
};
