import type { Exact } from '@jobsweep/core';
import type { Connection, mongo } from 'mongoose';

/** The BSON library of the user's own mongoose: values of another release are refused by its driver. */
export type Bson = typeof mongo.BSON;

export function bsonOf(connection: Connection): Bson {
  // Public, though mongoose's types leave it out.
  const { base } = connection as unknown as { readonly base: { readonly mongo: { readonly BSON: Bson } } };
  return base.mongo.BSON;
}

/** A raw value as exact text (canonical extended JSON), whatever its type; `null` where the field is null or missing. */
export function exactText({ EJSON }: Bson, raw: unknown): Exact {
  return raw === undefined || raw === null ? null : EJSON.stringify(raw, { relaxed: false });
}

/** The raw value of an exact text, as it was read: a number is one wherever it can be. */
export function fromExactText({ Double, EJSON, Int32, Long }: Bson, text: Exact): unknown {
  const raw: unknown = text === null ? null : EJSON.parse(text, { relaxed: false });
  if (raw instanceof Int32 || raw instanceof Double) return raw.valueOf();
  return raw instanceof Long && Number.isSafeInteger(raw.toNumber()) ? raw.toNumber() : raw;
}
