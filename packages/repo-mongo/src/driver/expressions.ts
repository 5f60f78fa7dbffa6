import { type Condition, ISO_TEXT, type Label, type Table } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import { typeOfTime, unsetTimes } from '../values/times.js';
import { rawValues } from './filters.js';

type Expression = mongo.Document;

/** The first label whose condition holds, as an expression. */
export function labelOf(
  collections: Collections,
  table: Table,
  labels: readonly Label[],
  at: string,
): Expression | null {
  const branches = labels.map(({ when, label }) => ({
    case: expressionOf(collections, table, when, at),
    // biome-ignore lint/suspicious/noThenProperty: that is what the server calls it.
    then: { $literal: label },
  }));
  return { $switch: { branches, default: null } };
}

/** A condition on a document's own values as an expression, which unlike a filter tells what rows are that have it not. */
function expressionOf(collections: Collections, table: Table, condition: Condition, at: string): Expression {
  const each = (some: readonly Condition[]) => some.map((one) => expressionOf(collections, table, one, at));
  if ('all' in condition) return { $and: each(condition.all) };
  if ('any' in condition) return { $or: each(condition.any) };
  if ('not' in condition) return { $not: each([condition.not]) };
  if (!('in' in condition)) throw new Error('A label is of values, and of nothing else');
  const { column, in: values } = condition;
  const path = `$${at}${column}`;
  const isAny = { $in: [{ $ifNull: [path, null] }, { $literal: rawValues(collections, table, column, values) }] };
  return { $and: [isAny, { $ne: [{ $type: path }, 'decimal'] }] };
}

/** A time of a document, and null while it is not set. */
export function timeOrNull({ times }: Table, column: string, at: string): Expression {
  const time = times.get(column);
  const path = `$${at}${column}`;
  if (time === undefined) return { $literal: null };
  const isTime = isTimeIn(path, typeOfTime(time.codec));
  const isUnset = { $in: [path, { $literal: unsetTimes(time) }] };
  return { $cond: [{ $and: [isTime, { $not: [isUnset] }] }, path, null] };
}

function isTimeIn(path: string, type: ReturnType<typeof typeOfTime>): Expression {
  if (type === 'number') return { $isNumber: path };
  const isOfType = { $eq: [{ $type: path }, type] };
  if (type === 'date') return isOfType;
  return { $cond: [isOfType, { $regexMatch: { input: path, regex: ISO_TEXT } }, false] };
}
