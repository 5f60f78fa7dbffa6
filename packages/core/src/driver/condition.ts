import type { FilterValue } from '../schema/filters.js';
import type { Link } from './table.js';

/**
 * A condition on a row of one table: the little tree that every driver compiles into its query language. It is true or
 * false and nothing between: what compares with NULL is false, and `not` of that is true.
 *
 * - `in`: the column has one of these values, to the letter, whatever its collation; `null` is a value like others
 * - `before`: the time is strictly before an instant, in microseconds since 1970; one that is not set is before none
 * - `isSet`: whether the time is one, and not NULL or a value that means "not set"
 * - `exists`: there is a row at the other end of the link that meets a condition
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly column: string; readonly in: readonly FilterValue[] }
  | { readonly time: string; readonly before: bigint }
  | { readonly time: string; readonly isSet: boolean }
  | { readonly exists: Link; readonly where: Condition };

/** Every row. */
export const EVERY: Condition = { all: [] };

/** All of these hold, in as flat a form as can be. */
export function allOf(...conditions: readonly Condition[]): Condition {
  const parts = conditions.flatMap((condition) => ('all' in condition ? condition.all : [condition]));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { all: parts };
}

/** Any of these holds. */
export const anyOf = (...conditions: readonly Condition[]): Condition => ({ any: conditions });

/** It does not hold. */
export const not = (condition: Condition): Condition => ({ not: condition });

/** A column has one of these values. */
export const isIn = (column: string, values: readonly FilterValue[]): Condition => ({ column, in: values });
