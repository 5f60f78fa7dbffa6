import type { Row, Selection, Table } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import { type Bson, exactText } from '../values/bson.js';
import { exactIn } from '../values/mongo-values.js';
import { labelOf } from './expressions.js';

/** The statement's time by the server's clock, in a pipeline of a read or an update. */
export const NOW = '$$NOW';

/** A document as `projection` brings it: its key and fields in the order that they were asked for, its label and parent. */
export interface RawRow {
  readonly k: readonly unknown[];
  readonly c?: readonly unknown[];
  readonly l?: Readonly<Record<string, string | null>>;
  readonly p?: RawRow;
  /** The server's time. */
  readonly n?: Date;
}

/** What `$project` is told. Paths have dots, which names of fields cannot have: so the fields come in a list. */
export function projection(
  collections: Collections,
  table: Table,
  { columns, labels, clock }: Selection,
  at = '',
): mongo.Document {
  const path = (column: string) => `$${at}${column}`;
  return {
    k: table.key.map(path),
    ...(columns.length > 0 && {
      c: columns.map((column) => cut(path(column), table.shown.get(column))),
    }),
    ...(labels !== undefined && {
      l: Object.fromEntries<mongo.Document | null>(
        Object.entries(labels).map(([name, some]) => [name, labelOf(collections, table, some, at)]),
      ),
    }),
    ...(clock === true && { n: NOW }),
  };
}

/** A text is read no further than it is shown. */
const cut = (path: string, characters: number | undefined) =>
  characters === undefined
    ? path
    : { $cond: [{ $eq: [{ $type: path }, 'string'] }, { $substrCP: [path, 0, characters + 1] }, path] };

export function toRow(bson: Bson, table: Table, { columns, labels }: Selection, { k, c, l, n }: RawRow): Row {
  return {
    key: k.map((raw) => exactText(bson, raw)),
    columns: Object.fromEntries(columns.map((column, index) => [column, exactIn(bson, table, column, c?.[index])])),
    ...(labels !== undefined && { labels: l ?? {} }),
    ...(n !== undefined && { clock: BigInt(n.getTime()) * 1000n }),
  };
}
