import type { DriverValues, Exact, Table } from '@jobsweep/core';
import type { Collections } from '../mapping/collections.js';
import { type Bson, exactText, fromExactText } from './bson.js';
import { rawIds } from './ids.js';
import { exactTime, fromExactTime } from './times.js';

/** How the port shows what MongoDB holds, and what a text of the port may mean there. */
export function mongoValues(collections: Collections): DriverValues {
  const { bson } = collections;
  return {
    shown: (exact) => shown(bson, fromExactText(bson, exact)),
    raw(exact) {
      const raw = fromExactText(bson, exact);
      return typeof raw === 'string' || typeof raw === 'number' ? raw : null;
    },
    keys: (table, text) => rawIds(bson, collections.of(table).idType, text).map((raw) => [exactText(bson, raw)]),
  };
}

/** The exact text of what a field of a table holds. */
export function exactIn(bson: Bson, { times }: Table, field: string, raw: unknown): Exact {
  const time = times.get(field);
  return time === undefined ? exactText(bson, raw) : exactTime(bson, raw, time.codec);
}

/** What a field of a table holds where this is its exact text. */
export function rawIn(bson: Bson, { times }: Table, field: string, exact: Exact): unknown {
  const time = times.get(field);
  return time === undefined ? fromExactText(bson, exact) : fromExactTime(bson, exact, time.codec);
}

/** The digits of a number, the hex of an ObjectId, the text of a string, and JSON of anything else. */
function shown({ EJSON, Long }: Bson, raw: unknown): string {
  if (raw === null) return '';
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'number' || raw instanceof Long) return raw.toString();
  const id = raw as { toHexString?(): string };
  return id.toHexString?.() ?? EJSON.stringify(raw);
}
