import type { Summed, SumQuery } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import { type Bson, exactText } from '../values/bson.js';
import { rawHorizon } from '../values/times.js';
import type { Filter } from './filters.js';

/** A group as the server gives it: `t` is when its span begins, in milliseconds since 1970. */
export interface RawGroup {
  readonly _id: { readonly t: number; readonly by: readonly unknown[] };
  readonly rows: number;
  readonly [sum: `s${number}` | `m${number}`]: number;
}

/** Which documents have a time in any of the spans. */
export const isSince = ({ table, span: { time, since } }: SumQuery): Filter => ({
  [time]: { $gte: rawHorizon(since, table.times.get(time)?.codec ?? 'instant') },
});

/** The stages behind those that find the documents. */
export function sumStages({ by, span, columns, limit }: SumQuery): mongo.Document[] {
  const millis = { $toDouble: { $toLong: `$${span.time}` } };
  const from = { $subtract: [millis, { $mod: [millis, span.seconds * 1000] }] };
  const each = columns.flatMap((column, index) => [
    [`s${index}`, { $sum: { $toDouble: `$${column}` } }] as const,
    [`m${index}`, { $max: { $toDouble: `$${column}` } }] as const,
  ]);
  return [
    {
      $group: {
        _id: { t: from, by: by.map((column) => `$${column}`) },
        rows: { $sum: 1 },
        ...Object.fromEntries<mongo.Document>(each),
      },
    },
    { $sort: { '_id.t': 1 } },
    { $limit: limit },
  ];
}

export function toSummed(bson: Bson, { columns }: SumQuery, { _id, rows, ...sums }: RawGroup): Summed {
  return {
    by: _id.by.map((value) => exactText(bson, value)),
    from: BigInt(Number(_id.t)) * 1000n,
    rows: Number(rows),
    columns: Object.fromEntries(
      columns.map((column, index) => [column, { sum: Number(sums[`s${index}`]), greatest: Number(sums[`m${index}`]) }]),
    ),
  };
}
