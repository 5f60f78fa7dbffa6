import type { ColumnKind } from '../dialect.js';

/** Types that are wide enough for today: milliseconds overflowed an `int` in January 1970. */
const TYPES_OF_KIND: Record<ColumnKind, readonly string[]> = {
  instant: ['timestamp'],
  utcDateTime: ['datetime'],
  epochSeconds: ['int', 'bigint', 'decimal'],
  epochMillis: ['bigint', 'decimal'],
  text: ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'],
};

/** Types that certainly hold something else than the kind they are not listed under. */
const OTHER_TYPES = [
  'tinyint',
  'smallint',
  'mediumint',
  'float',
  'double',
  'bit',
  'date',
  'time',
  'year',
  'json',
  'enum',
  'set',
];

/** Whether a column of this type can hold this kind of value; `undefined` for a type nobody knows. */
export function typeHolds(type: string, kind: ColumnKind): boolean | undefined {
  if (TYPES_OF_KIND[kind].includes(type)) return true;
  return [...Object.values(TYPES_OF_KIND).flat(), ...OTHER_TYPES].includes(type) ? false : undefined;
}
