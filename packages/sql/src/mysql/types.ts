import type { TimeCodec } from '@jobsweep/core';

/** Types that are wide enough for today: milliseconds overflowed an `int` in January 1970. */
const TYPES_OF_CODEC: Record<TimeCodec, readonly string[]> = {
  instant: ['timestamp'],
  utcDateTime: ['datetime'],
  epochSeconds: ['int', 'bigint', 'decimal'],
  epochMillis: ['bigint', 'decimal'],
};

/** Types that certainly hold something else than the codec they are not listed under. */
const OTHER_TYPES = [
  'tinyint',
  'smallint',
  'mediumint',
  'date',
  'time',
  'year',
  'char',
  'varchar',
  'text',
  'json',
  'enum',
];

/** Whether a column of this type can hold times of this codec; `undefined` for a type nobody knows. */
export function typeHolds(type: string, codec: TimeCodec): boolean | undefined {
  if (TYPES_OF_CODEC[codec].includes(type)) return true;
  return [...Object.values(TYPES_OF_CODEC).flat(), ...OTHER_TYPES].includes(type) ? false : undefined;
}
