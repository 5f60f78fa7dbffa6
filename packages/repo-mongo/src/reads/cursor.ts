import { invalidOption, type ResourceAllocation, type TimeColumn } from '@jobsweep/core';
import type { AllocationsCollection, Collection, Mapping } from '../mapping/mapping.js';
import type { OpenSession } from '../session/open-session.js';
import { fromExactText } from '../values/bson.js';
import { type IdType, idText, type RowRef, rawIds } from '../values/ids.js';
import { rawTime } from '../values/times.js';
import type { Cursor } from './order.js';

/** The raw id that a page continues after. One made by hand is of the type that the collection's last id has. */
export async function rawIdOf(
  session: OpenSession,
  { bson }: Mapping,
  {
    collection,
    idField,
    idType,
  }: { readonly collection: Collection; readonly idField: string; readonly idType: IdType | undefined },
  ref: RowRef,
): Promise<unknown> {
  const candidates = rawIds(bson, idType, ref);
  if (candidates.length === 1) return candidates[0];
  const [last] = await session.rows<{ readonly id: unknown }>(collection, [
    { $sort: { [idField]: -1 } },
    { $limit: 1 },
    { $project: { _id: 0, id: `$${idField}` } },
  ]);
  const kindOf = (raw: unknown) => (raw as { readonly _bsontype?: string } | null | undefined)?._bsontype ?? typeof raw;
  const raw = candidates.find((candidate) => kindOf(candidate) === kindOf(last?.id)) ?? candidates[0];
  if (raw === undefined)
    throw invalidOption(
      'after',
      `row ${idText(bson, ref.id)}`,
      'give a row with an id of the kind that the collection has',
    );
  return raw;
}

/** The raw time that a page continues after. */
export function rawTimeOf(
  { bson }: Mapping,
  exact: string | null | undefined,
  date: Date | null,
  { codec }: TimeColumn,
): unknown {
  if (exact !== undefined) return fromExactText(bson, exact);
  return date === null ? null : rawTime(date.getTime(), codec);
}

/** Where an order continues after an allocation that was read, or made by hand. */
export async function cursorAfter(
  session: OpenSession,
  mapping: Mapping,
  { collection, fields, idType }: AllocationsCollection,
  last: ResourceAllocation,
): Promise<Cursor> {
  const ref = { id: last.id, exact: last.version?.id };
  return {
    id: await rawIdOf(session, mapping, { collection, idField: fields.id, idType }, ref),
    time: rawTimeOf(mapping, last.version?.allocationTime, last.allocationTime, fields.allocationTime),
  };
}
