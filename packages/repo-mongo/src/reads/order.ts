import type { mongo } from 'mongoose';
import { type IdType, laterTypes } from '../values/ids.js';
import type { Condition } from './conditions.js';

/** Where a page begins: the raw id of the last row of the page before and, in an order by time, its raw time. */
export interface Cursor {
  readonly id: unknown;
  readonly time?: unknown;
}

/** An order of pages: by a time and then by id, or by id alone. */
export interface Order {
  readonly idField: string;
  readonly idType: IdType | undefined;
  readonly timeField?: string;
}

export function sortOf({ idField, timeField }: Order): mongo.Document {
  return { ...(timeField !== undefined && { [timeField]: 1 }), [idField]: 1 };
}

/** Whether a row comes after the cursor. */
export function isAfter({ idField, idType, timeField }: Order, { id, time }: Cursor): Condition {
  const later: Condition = { [idField]: { $gt: id } };
  // A comparison finds values of the same type only: ids of other types come after all of these.
  const types = idType === undefined ? laterTypes(id) : [];
  const idLater = types.length === 0 ? later : { $or: [later, { [idField]: { $type: types } }] };
  if (timeField === undefined) return idLater;
  // The first lets an index begin at the right place.
  return {
    $and: [
      { [timeField]: { $gte: time } },
      { $or: [{ [timeField]: { $gt: time } }, { $and: [{ [timeField]: time }, idLater] }] },
    ],
  };
}
