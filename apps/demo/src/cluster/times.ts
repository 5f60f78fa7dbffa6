/**
 * Times as whole microseconds since 1970, the smallest unit that a database of the demo keeps: exact in a number for
 * two centuries and more either side.
 */

export const MICROS_PER_SECOND = 1_000_000;

const MICROS_PER_MS = 1000;

/** `2024-06-15T12:00:00.000001Z` */
export function isoOf(micros: number): string {
  const milliseconds = Math.floor(micros / MICROS_PER_MS);
  const rest = String(micros - milliseconds * MICROS_PER_MS).padStart(3, '0');
  return new Date(milliseconds).toISOString().replace('Z', `${rest}Z`);
}
