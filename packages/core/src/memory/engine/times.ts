import { invalidOption } from '../../errors.js';

const ISO_UTC = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/;

/**
 * A time as the database keeps it: `2026-02-10T12:00:00.000000Z`. Such texts are in order as times are. Throws
 * `INVALID_OPTION` for anything that is no time in UTC, or is more exact than a microsecond.
 */
export function exactTime(column: string, value: Date | string): string {
  const text = typeof value === 'string' ? value : Number.isNaN(value.getTime()) ? '' : value.toISOString();
  const [, seconds, fraction = ''] = ISO_UTC.exec(text) ?? [];
  if (seconds !== undefined && !Number.isNaN(Date.parse(`${seconds}Z`)))
    return `${seconds}.${fraction.padEnd(6, '0')}Z`;
  throw invalidOption(column, value, 'give a Date, or ISO 8601 in UTC such as 2026-02-10T12:00:00.000000Z');
}

/** Microseconds since 1970-01-01T00:00:00Z. */
export function toMicros(time: string): bigint {
  return BigInt(toDate(time).getTime()) * 1000n + BigInt(time.slice(23, 26));
}

/** The time as a `Date`, which has no microseconds: they are cut, so it is never later than the time. */
export function toDate(time: string): Date {
  return new Date(`${time.slice(0, 23)}Z`);
}
