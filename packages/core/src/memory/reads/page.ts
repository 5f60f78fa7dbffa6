import { throwIfAborted } from '../../errors.js';
import { requireRows } from '../../paging.js';
import type { CountOptions, GetOptions } from '../../repository.js';
import { compareIds } from '../engine/ids.js';
import { exactTime } from '../engine/times.js';

/** A row's place in an order by (time, id); `''` in an order by id alone. */
export interface Place {
  readonly time: string;
  readonly id: string;
}

/** The rows of a page in their order; all rows behind `after` where no limit is given. */
export function pageOf<Due, Row>(
  due: readonly Due[],
  { limit, after }: GetOptions<Row>,
  placeOf: (row: Due) => Place,
  placeAfter: (row: Row) => Place,
): Due[] {
  const rows = due.map((row) => ({ row, place: placeOf(row) })).sort((one, other) => compare(one.place, other.place));
  const last = after === undefined ? undefined : placeAfter(after);
  const rest = last === undefined ? rows : rows.filter(({ place }) => compare(place, last) > 0);
  return rest.slice(0, limit).map(({ row }) => row);
}

/** The time of a row made by hand, for its place. */
export function timeOf(date: Date | null): string {
  return date === null ? '' : exactTime('after', date);
}

/** Throws `ABORTED`, or `INVALID_OPTION` for a bound that is no number of rows. */
export function checkBounds({ limit, atMost, signal }: CountOptions & Pick<GetOptions<never>, 'limit'> = {}): void {
  throwIfAborted(signal);
  requireRows('limit', limit);
  requireRows('atMost', atMost);
}

function compare(one: Place, other: Place): number {
  if (one.time !== other.time) return one.time < other.time ? -1 : 1;
  return compareIds(one.id, other.id);
}
