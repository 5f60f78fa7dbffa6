import type { TimeCodec } from '@jobsweep/core';

/** Types that are wide enough for today: milliseconds overflowed an `integer` in January 1970. */
const TYPES_OF_CODEC: Record<TimeCodec, readonly string[]> = {
  instant: ['timestamp with time zone'],
  utcDateTime: ['timestamp without time zone'],
  epochSeconds: ['integer', 'bigint', 'numeric'],
  epochMillis: ['bigint', 'numeric'],
};

/** Types that certainly hold something else than the codec they are not listed under. */
const KNOWN_TYPES = [
  ...new Set(Object.values(TYPES_OF_CODEC).flat()),
  ...[
    'smallint',
    'date',
    'time without time zone',
    'text',
    'character varying',
    'boolean',
    'double precision',
    'uuid',
    'jsonb',
  ],
];

/** Whether a column of this type can hold times of this codec; `undefined` for domains and types of extensions. */
export function typeHolds(type: string, codec: TimeCodec): boolean | undefined {
  if (TYPES_OF_CODEC[codec].includes(type)) return true;
  return KNOWN_TYPES.includes(type) ? false : undefined;
}
