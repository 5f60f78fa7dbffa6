import type { Connection, mongo } from 'mongoose';

/** The BSON library of the user's own mongoose: values of another release are refused by its driver. */
export type Bson = typeof mongo.BSON;

export function bsonOf(connection: Connection): Bson {
  // Public, though mongoose's types leave it out.
  const { base } = connection as unknown as { readonly base: { readonly mongo: { readonly BSON: Bson } } };
  return base.mongo.BSON;
}

/** A raw value as exact text (canonical extended JSON), whatever its type; `null` where the field is null or missing. */
export function exactText({ EJSON }: Bson, raw: unknown): string | null {
  return raw === undefined || raw === null ? null : EJSON.stringify(raw, { relaxed: false });
}

/** The raw value of an exact text. */
export function fromExactText({ EJSON }: Bson, text: string | null): unknown {
  return text === null ? null : EJSON.parse(text, { relaxed: false });
}
