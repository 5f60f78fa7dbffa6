import type { TimeColumn } from '@jobsweep/core';

/** Reads a time from its exact text; `null` for NULL, for an unset value and for what no `Date` can hold. */
export function toDate(text: string | null, { codec, unset }: TimeColumn): Date | null {
  if (text === null || isUnset(text, unset)) return null;
  const millis =
    codec === 'epochSeconds' ? Number(text) * 1000 : codec === 'epochMillis' ? Number(text) : isoMillis(text);
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Whether two times are the same: to the microsecond when `given` has a version, else within its millisecond. */
export function sameTime(
  given: { readonly exact: string | null | undefined; readonly date: Date | null },
  now: string | null,
  column: TimeColumn,
): boolean {
  if (given.exact !== undefined) return given.exact === now;
  return (given.date?.getTime() ?? null) === (toDate(now, column)?.getTime() ?? null);
}

/** The text that continues a page after a row: its exact time, or the time of a row made by hand. */
export function fromDate(date: Date | null, { codec }: TimeColumn): string | null {
  if (date === null) return null;
  if (codec === 'epochSeconds') return String(Math.floor(date.getTime() / 1000));
  return codec === 'epochMillis' ? String(date.getTime()) : date.toISOString();
}

/** `Date` rounds nothing up: microseconds are cut, so a time is never later than the database has it. */
function isoMillis(text: string): number {
  return Date.parse(text.replace(/(\.\d{3})\d*Z$/, '$1Z'));
}

function isUnset(text: string, unset: TimeColumn['unset']): boolean {
  return unset.some((value) => {
    if (typeof value === 'number') return Number(text) === value;
    return isoMillis(text) === Date.parse(value);
  });
}
