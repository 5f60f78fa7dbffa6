import type { ColumnKind } from '../dialect.js';

/** Types that are wide enough for today: milliseconds overflowed an `integer` in January 1970. */
const TYPES_OF_KIND: Record<ColumnKind, readonly string[]> = {
  instant: ['timestamp with time zone'],
  utcDateTime: ['timestamp without time zone'],
  epochSeconds: ['integer', 'bigint', 'numeric'],
  epochMillis: ['bigint', 'numeric'],
  text: ['text', 'character varying', 'character', 'citext'],
};

/** Types that certainly hold something else than the kind they are not listed under. */
const KNOWN_TYPES = [
  ...new Set(Object.values(TYPES_OF_KIND).flat()),
  ...[
    'smallint',
    'date',
    'time without time zone',
    'boolean',
    'double precision',
    'real',
    'interval',
    'uuid',
    'json',
    'jsonb',
    'bytea',
  ],
];

/** Whether a column of this type can hold this kind of value; `undefined` for domains and types of extensions. */
export function typeHolds(type: string, kind: ColumnKind): boolean | undefined {
  if (TYPES_OF_KIND[kind].includes(type)) return true;
  return KNOWN_TYPES.includes(type) ? false : undefined;
}
