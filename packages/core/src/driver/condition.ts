import type { ColumnValue } from '../schema/conditions.js';
import type { Condition, Link } from './table.js';

export type { Condition } from './table.js';

/** Every row. */
export const EVERY: Condition = { all: [] };

/** No row. */
export const NONE: Condition = { any: [] };

/** All of these hold, in as flat a form as can be. */
export function allOf(...conditions: readonly Condition[]): Condition {
  const parts = conditions.flatMap(partsOf);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { all: parts };
}

/** What has to hold, each by itself. */
export const partsOf = (condition: Condition): readonly Condition[] =>
  'all' in condition ? condition.all : [condition];

/** Any of these holds. */
export const anyOf = (...conditions: readonly Condition[]): Condition => ({ any: conditions });

/** It does not hold. */
export const not = (condition: Condition): Condition => ({ not: condition });

/** A column has one of these values. */
export const isIn = (column: string, values: readonly ColumnValue[]): Condition => ({ column, in: values });

/** Whether a condition leaves no row out, or none in. */
export const isEvery = (condition: Condition): boolean => 'all' in condition && condition.all.length === 0;
export const isNone = (condition: Condition): boolean => 'any' in condition && condition.any.length === 0;

/** The tables that a condition looks into, with what it asks there. */
export function linksIn(condition: Condition): Extract<Condition, { readonly exists: Link }>[] {
  if ('all' in condition) return condition.all.flatMap(linksIn);
  if ('any' in condition) return condition.any.flatMap(linksIn);
  if ('not' in condition) return linksIn(condition.not);
  return 'exists' in condition ? [condition, ...linksIn(condition.where)] : [];
}

/** The columns of its own row that a condition is about. */
export function columnsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(columnsIn);
  if ('any' in condition) return condition.any.flatMap(columnsIn);
  if ('not' in condition) return columnsIn(condition.not);
  if ('exists' in condition) return condition.exists.on.map(([from]) => from);
  return ['column' in condition ? condition.column : condition.time];
}

/** The columns for which a condition leaves one value, and not NULL. */
export function singleValuesIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(singleValuesIn);
  if (!('in' in condition) || condition.in.length !== 1 || condition.in[0] === null) return [];
  return [condition.column];
}

/** The parts of a condition that leave a column one value: a key may be unique beside these alone, as within a scope. */
export const singleParts = (condition: Condition): readonly Condition[] =>
  partsOf(condition).filter((part) => singleValuesIn(part).length > 0);

/** What a condition asks of its own row alone: without the parts that also look into other tables. */
export function ownPart(condition: Condition): Condition {
  return allOf(...partsOf(condition).filter((part) => linksIn(part).length === 0));
}
