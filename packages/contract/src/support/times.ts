/** Now, for tests that need exact thresholds; no daylight saving begins or ends near it. */
export const NOW = new Date('2026-02-10T12:00:00.000Z');

/** `NOW` as a time column holds it. */
export const WRITTEN_NOW = '2026-02-10T12:00:00.000000Z';

/** The database's clock stands at `NOW`. */
export const clock = { now: () => NOW };

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A time before another one, to the microsecond: positive microseconds make it older. */
export function before(now: Date, seconds: number, micros = 0): string {
  const total = BigInt(now.getTime()) * 1000n - BigInt(Math.round(seconds * 1e6)) - BigInt(micros);
  const fraction = ((total % 1000n) + 1000n) % 1000n;
  const millis = new Date(Number((total - fraction) / 1000n)).toISOString();
  return millis.replace('Z', `${String(fraction).padStart(3, '0')}Z`);
}

/** A time one millisecond later. */
export const later = (time: string): string => before(new Date(time), -0.001, Number(time.slice(23, 26)) * -1);
