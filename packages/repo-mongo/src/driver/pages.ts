import type { Query, Row } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import { fromExactText } from '../values/bson.js';
import { rawIn } from '../values/mongo-values.js';
import { ascending, descending, idPlace, isAfter, isBefore, timePlace } from './order.js';
import { projection, type RawRow, toRow } from './rows.js';
import { Stages } from './stages.js';

/** The pipeline that reads a page. */
export function pageStages(collections: Collections, query: Query): mongo.Document[] {
  const { table, where, orderBy, limit, parent } = query;
  const [key = ''] = table.key;
  const stages = new Stages(collections, table, where);
  const as = parent && stages.parentOf(parent.link);
  const byTime = orderBy === undefined ? [] : [orderBy];
  const order = { $sort: query.descending === true ? descending(key) : ascending(...byTime, key) };
  return [
    ...stages.match(afterOf(collections, query), [order]),
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

function afterOf(collections: Collections, query: Query) {
  const { table, orderBy, after } = query;
  if (after === undefined) return {};
  const { bson } = collections;
  const isOfOneType = collections.of(table).idType !== undefined;
  const [path, id] = [String(table.key[0]), fromExactText(bson, after.key[0] ?? null)];
  if (query.descending === true) return isBefore(path, id, isOfOneType);
  const key = idPlace(path, id, isOfOneType);
  if (orderBy === undefined) return isAfter(key);
  return isAfter(timePlace(orderBy, rawIn(bson, table, orderBy, after.time ?? null)), key);
}
