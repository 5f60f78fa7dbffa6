import type { mongo } from 'mongoose';
import { earlierTypes, laterTypes } from '../values/ids.js';
import { all, type Filter } from './filters.js';

/** One field of an order, and what it holds in the last row of the page before. */
export interface Place {
  readonly path: string;
  readonly raw: unknown;
  /** The types of values that come after this one's, where the field holds several. */
  readonly later: readonly string[];
}

/** Ids of several types may be in one field, unless it is known which they are of. */
export const idPlace = (path: string, raw: unknown, isOfOneType: boolean): Place => ({
  path,
  raw,
  later: isOfOneType ? [] : laterTypes(raw),
});

/** Of a time there is one type. */
export const timePlace = (path: string, raw: unknown): Place => ({ path, raw, later: [] });

/** Whether a row does not come after a place in such an order. */
export function isUpTo(first: Place, ...others: readonly Place[]): Filter {
  const { path, raw, later } = first;
  // As there.
  const bound = later.length === 0 ? { [path]: { $lte: raw } } : {};
  return { ...bound, $nor: [isAfter(first, ...others)] };
}

/** The order by fields, the highest first. */
export const descending = (...paths: readonly string[]): mongo.Document =>
  Object.fromEntries(paths.map((path) => [path, -1]));

/** Whether an id comes before another one; `isOfOneType`: whether the field holds no others. */
export function isBefore(path: string, raw: unknown, isOfOneType: boolean): Filter {
  const isLess = { [path]: { $lt: raw } };
  const earlier = isOfOneType ? [] : earlierTypes(raw);
  return earlier.length === 0 ? isLess : { $or: [isLess, { [path]: { $type: earlier } }] };
}

export const ascending = (...paths: readonly string[]): mongo.Document =>
  Object.fromEntries(paths.map((path) => [path, 1]));

/** Whether a row comes after a place in the order of its fields. */
export function isAfter(first: Place, ...others: readonly Place[]): Filter {
  const { path, raw, later } = first;
  // A comparison finds values of the same type only.
  const isLater =
    later.length === 0 ? { [path]: { $gt: raw } } : { $or: [{ [path]: { $gt: raw } }, { [path]: { $type: later } }] };
  const [next, ...rest] = others;
  if (next === undefined) return isLater;
  const isAfterIt = { $or: [isLater, all({ [path]: { $eq: raw } }, isAfter(next, ...rest))] };
  // The first lets an index begin at the right place.
  return later.length === 0 ? { $and: [{ [path]: { $gte: raw } }, isAfterIt] } : isAfterIt;
}
