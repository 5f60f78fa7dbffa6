import type { RawState, TimeColumn } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import { rawHorizon, unsetTimes } from '../values/times.js';

/** A condition of the query language: what `$match` and the filters of writes take. */
export type Condition = mongo.Document;

/** Whether all of these hold, in as flat a form as can be: planners look at the top first. */
export function all(...conditions: readonly Condition[]): Condition {
  const top: Condition = {};
  const rest: Condition[] = [];
  for (const [key, value] of conditions.flatMap((condition) => Object.entries(condition) as [string, unknown][])) {
    if (key === '$and') rest.push(...(value as Condition[]));
    else if (key in top) rest.push({ [key]: value });
    else top[key] = value;
  }
  return rest.length > 0 ? { ...top, $and: rest } : top;
}

/** Whether a field has any of these values itself: for the server an array has all the values of its elements. */
export function isAnyOf(path: string, values: readonly unknown[]): Condition {
  return { [path]: anyOf(values) };
}

/**
 * Whether a state field has none of these values: missing ones and unknown values included. A condition of the field, since
 * a `$nor` at the top can keep a planner from the index of another field.
 */
export function isNoneOf(path: string, values: readonly RawState[]): Condition {
  return { [path]: { $not: anyOf(values) } };
}

const anyOf = (values: readonly unknown[]) => ({ $in: [...values], $not: { $type: 'array' } });

/** Whether a time is strictly before an instant. Missing and unset times are before none. */
export function isBefore(path: string, column: TimeColumn, millis: number): Condition {
  const unset = unsetTimes(column);
  return { [path]: { $lt: rawHorizon(millis, column.codec), ...(unset.length > 0 && { $nin: unset }) } };
}
