import type { Locale } from '@jobsweep/core';

/** How numbers and dates look in a language. */
export interface Formats {
  /** `18,239` */
  readonly count: (value: number) => string;
  /** `41 ms`, `3.2 s` */
  readonly duration: (milliseconds: number) => string;
  /** `Oct 1993`, in UTC where the time zone is none that is known. */
  readonly month: (date: Date, timeZone?: string) => string;
}

export function formatsOf(locale: Locale): Formats {
  const numbers = new Intl.NumberFormat(locale);
  const seconds = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return {
    count: (value) => numbers.format(value),
    duration: (ms) => (ms < 1000 ? `${numbers.format(Math.round(ms))} ms` : `${seconds.format(ms / 1000)} s`),
    month: (date, timeZone) => {
      const zone = timeZone !== undefined && isTimeZone(timeZone) ? timeZone : 'UTC';
      return date.toLocaleDateString(locale, { year: 'numeric', month: 'short', timeZone: zone });
    },
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
