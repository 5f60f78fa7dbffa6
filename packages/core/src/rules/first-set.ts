import { allOf, anyOf, type Condition } from '../driver/condition.js';
import { toMicros } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { TimeColumn } from '../schema/time-column.js';

/** One time of a row, kept in several columns perhaps: it is the first of them that is set. None: rows have no such time. */
export type FirstSet = readonly TimeColumn[];

/** A way for rows to have such a time: in this column, since those before it are not set. */
export interface Way {
  readonly time: TimeColumn;
  /** What has to hold of the columns before. */
  readonly where: Condition;
}

/** The ways to have it: no row has two of them. Each has an order that an index can give. */
export const waysOf = (times: FirstSet): readonly Way[] =>
  times.map((time, index) => ({ time, where: isUnset(times.slice(0, index)) }));

/** Rows whose time meets a condition, by the column that it is in. */
export function inAnyWay(ways: readonly Way[], meets: (time: TimeColumn) => Condition): Condition {
  const each = ways.map(({ time, where }) => allOf(where, meets(time)));
  const [only] = each;
  return each.length === 1 && only !== undefined ? only : anyOf(...each);
}

/** Rows that have no such time: none of its columns is set. */
export const isUnset = (times: FirstSet): Condition =>
  allOf(...times.map(({ column: time }): Condition => ({ time, isSet: false })));

/** The column that has such a time of a row; where none is set the first, and `undefined` where there are none. */
export function columnOf({ columns }: Pick<Row, 'columns'>, times: FirstSet): TimeColumn | undefined {
  if (times.length < 2) return times[0];
  return times.find((time) => toMicros(columns[time.column] ?? null, time) !== null) ?? times[0];
}
