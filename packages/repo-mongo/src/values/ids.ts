import { type Bson, exactText, fromExactText } from './bson.js';

/** What the ids of a collection are made of. */
export const ID_TYPES = ['objectId', 'string', 'number', 'uuid'] as const;
export type IdType = (typeof ID_TYPES)[number];

/** A row that somebody names: its id at the port and, where it was read, its raw id as exact text. */
export interface RowRef {
  readonly id: string;
  readonly exact?: string | null | undefined;
}

/** A raw id as the port has it: the digits of a number, the hex of an ObjectId, the text of a string. */
export function idText(bson: Bson, raw: unknown): string {
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'number' || typeof raw === 'bigint') return String(raw);
  if (isHexadecimal(raw)) return raw.toHexString();
  if (raw instanceof bson.Long) return raw.toString();
  return exactText(bson, raw) ?? '';
}

/** The raw ids that a row may have: the one it was read with or, made by hand, one of each type that its text can be. */
export function rawIds(bson: Bson, idType: IdType | undefined, { id, exact }: RowRef): unknown[] {
  if (exact != null) return [fromExactText(bson, exact)];
  const types = idType === undefined ? ID_TYPES : [idType];
  return types.flatMap((type) => rawId(bson, type, id));
}

/** A text as a raw id of a type; nothing where it is none. */
function rawId(bson: Bson, type: IdType, text: string): unknown[] {
  switch (type) {
    case 'objectId':
      return /^[0-9a-f]{24}$/.test(text) ? [new bson.ObjectId(text)] : [];
    case 'string':
      return [text];
    case 'number':
      if (!/^-?\d{1,19}$/.test(text)) return String(Number(text)) === text ? [Number(text)] : [];
      return [Number.isSafeInteger(Number(text)) ? Number(text) : bson.Long.fromString(text)];
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? [new bson.UUID(text)] : [];
  }
}

/** The types that come after that of a raw id, in the order that the server sorts by. */
export function laterTypes(raw: unknown): string[] {
  const order = ['number', 'string', 'binData', 'objectId'];
  const { _bsontype: type = '' } = Object(raw) as { readonly _bsontype?: string };
  const own =
    typeof raw === 'string'
      ? 'string'
      : type === 'ObjectId'
        ? 'objectId'
        : type === 'Binary' || type === 'UUID'
          ? 'binData'
          : 'number';
  return order.slice(order.indexOf(own) + 1);
}

function isHexadecimal(raw: unknown): raw is { toHexString(): string } {
  return typeof (raw as { readonly toHexString?: unknown } | null)?.toHexString === 'function';
}
