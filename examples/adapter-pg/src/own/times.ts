/** A time as ISO 8601 in UTC with microseconds; `infinity`, which has no such form, as it is. */
export const timeText = (time: string): string =>
  `coalesce(to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ${time}::text)`;

/** `null` also for what no `Date` can hold. Microseconds are cut, so that no time is later than it is. */
export function toDate(text: string | null): Date | null {
  const millis = text === null ? Number.NaN : Date.parse(text.replace(/\d{3}Z$/, 'Z'));
  return Number.isNaN(millis) ? null : new Date(millis);
}
