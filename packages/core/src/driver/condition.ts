import type { FilterValue } from '../schema/filters.js';
import type { Condition } from './table.js';

export type { Condition } from './table.js';

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
