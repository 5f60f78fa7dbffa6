import type { Bson } from './bson.js';

/** What the ids of a collection are made of, in the order that the server sorts by. */
export const ID_TYPES = ['number', 'string', 'uuid', 'objectId'] as const;
export type IdType = (typeof ID_TYPES)[number];

/** The raw ids that a text may mean: one of each type that it can be. */
export function rawIds(bson: Bson, idType: IdType | undefined, text: string): unknown[] {
  const types = idType === undefined ? ID_TYPES : [idType];
  return types.flatMap((type) => rawId(bson, type, text));
}

/** A text as a raw id of a type; nothing where it is none. */
function rawId(bson: Bson, type: IdType, text: string): unknown[] {
  switch (type) {
    case 'objectId':
      return isObjectId(text) ? [new bson.ObjectId(text)] : [];
    case 'string':
      return [text];
    case 'number':
      if (!/^-?\d{1,19}$/.test(text)) return String(Number(text)) === text ? [Number(text)] : [];
      return [Number.isSafeInteger(Number(text)) ? Number(text) : bson.Long.fromString(text)];
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? [new bson.UUID(text)] : [];
  }
}

/** Whether a text looks like an ObjectId. */
export const isObjectId = (text: string): boolean => /^[0-9a-f]{24}$/.test(text);

/** The types of ids in their order, in the words of `$type`. */
const ORDER = ['number', 'string', 'binData', 'objectId'];

/** The types that come after that of a raw id. */
export const laterTypes = (raw: unknown): string[] => ORDER.slice(ORDER.indexOf(typeOf(raw)) + 1);

/** The types that come before it. */
export const earlierTypes = (raw: unknown): string[] => ORDER.slice(0, ORDER.indexOf(typeOf(raw)));

function typeOf(raw: unknown): string {
  const { _bsontype: type = typeof raw } = Object(raw) as { readonly _bsontype?: string };
  return { string: 'string', ObjectId: 'objectId', Binary: 'binData', UUID: 'binData' }[type] ?? 'number';
}
