import type { Key, Query, Row, Table } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import { fromExactText } from '../values/bson.js';
import { rawIn } from '../values/mongo-values.js';
import { all, type Filter } from './filters.js';
import { ascending, descending, idPlace, isAfter, isBefore, isUpTo, type Place, timePlace } from './order.js';
import { projection, type RawRow, toRow } from './rows.js';
import { Stages } from './stages.js';

/** The pipeline that reads a page. */
export function pageStages(collections: Collections, query: Query): mongo.Document[] {
  const { table, where, orderBy, limit, parent } = query;
  const stages = new Stages(collections, table, where);
  const as = parent && stages.parentOf(parent.link);
  const byTime = orderBy === undefined ? [] : [orderBy];
  const order = { $sort: (query.descending === true ? descending : ascending)(...byTime, ...table.key) };
  return [
    ...stages.match(all(afterOf(collections, query), upToOf(collections, query)), [order]),
    { $limit: limit },
    {
      $project: {
        _id: 0,
        ...projection(collections, table, query),
        ...(parent && { p: projection(collections, parent.link.to, parent, `${as}.`) }),
      },
    },
  ];
}

export function pageRow({ bson }: Collections, query: Query, raw: RawRow): Row {
  const { table, parent } = query;
  const row = toRow(bson, table, query, raw);
  return parent === undefined || raw.p === undefined
    ? row
    : { ...row, parent: toRow(bson, parent.link.to, parent, raw.p) };
}

function afterOf(collections: Collections, query: Query): Filter {
  const { after } = query;
  if (after === undefined) return {};
  const [place, ...rest] = placeOf(collections, query, after);
  if (query.descending !== true) return isAfter(place, ...rest);
  return isBefore(place.path, place.raw, collections.of(query.table).idType !== undefined);
}

function upToOf(collections: Collections, query: Query): Filter {
  const { upTo } = query;
  return upTo === undefined ? {} : isUpTo(...placeOf(collections, query, upTo));
}

function placeOf(
  collections: Collections,
  { table, orderBy }: Query,
  { time = null, key }: NonNullable<Query['after']>,
): [Place, ...Place[]] {
  const places = keyPlaces(collections, table, key);
  return orderBy === undefined
    ? places
    : [timePlace(orderBy, rawIn(collections.bson, table, orderBy, time)), ...places];
}

/** The fields of a key, and what they hold in one. */
export function keyPlaces(collections: Collections, table: Table, key: Key): [Place, ...Place[]] {
  const isOfOneType = table.key.length === 1 && collections.of(table).idType !== undefined;
  const placeAt = (index: number) =>
    idPlace(String(table.key[index]), fromExactText(collections.bson, key[index] ?? null), isOfOneType);
  return [placeAt(0), ...table.key.slice(1).map((_field, index) => placeAt(index + 1))];
}
