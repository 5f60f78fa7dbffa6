import type { TimeColumn } from '@jobsweep/core';
import type { Mapping } from '../mapping/mapping.js';
import { exactText } from '../values/bson.js';
import { toDate } from '../values/times.js';

/** A time as a row has it: as exact text where it was read, else as a `Date` that somebody wrote. */
interface GivenTime {
  readonly exact: string | null | undefined;
  readonly date: Date | null;
}

/** Whether two times are the same: exactly when `given` has a version, else within its millisecond. */
export function sameTime({ bson }: Mapping, { exact, date }: GivenTime, now: unknown, column: TimeColumn): boolean {
  if (exact !== undefined) return exact === exactText(bson, now);
  return (date?.getTime() ?? null) === (toDate(now, column)?.getTime() ?? null);
}
