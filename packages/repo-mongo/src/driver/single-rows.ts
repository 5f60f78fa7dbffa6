import type { Assignment, Assignments, Condition, Key, Row, Table, Taking } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import type { OpenSession } from '../session/open-session.js';
import type { Bson } from '../values/bson.js';
import { all, among, type Filter } from './filters.js';
import { NOW, toRow } from './rows.js';
import { filterOf } from './stages.js';
import { expressionOf, type Given, rawOf } from './written.js';

type Document = mongo.Document;

/** The fence of a document that is held: whoever else writes it is in conflict. `held_at` tells the server's time with it. */
const HOLD = { held_at: NOW, holds: { $add: [{ $ifNull: ['$holds', 0] }, 1] } };

/** Single documents by their ids, each by one command. */
export class SingleDocuments {
  constructor(
    private readonly session: OpenSession,
    private readonly collections: Collections,
    private readonly table: Table,
  ) {}

  /** An id that is not given is made of the server's time, so that ids follow the order in which documents were added. */
  async insert(row: Assignments): Promise<void> {
    const { bson } = this.collections;
    const { serverTime } = this.session;
    const document = documentOf(bson, this.table, row, serverTime);
    const id = document[this.idField] as unknown;
    if (id !== undefined) return this.session.insertUnless(this.collection, { [this.idField]: id }, document);
    return this.session.insert(this.collection, [{ [this.idField]: nextId(bson, serverTime), ...document }]);
  }

  async take(key: Key, { where, set, columns }: Taking): Promise<Row | undefined> {
    const update = { filter: this.filterOf(key, where), update: [{ $set: this.expressionsOf(set) }] };
    const before = await this.session.updateOne(this.collection, update, 'before');
    return before && this.rowOf(before, columns);
  }

  async hold(key: Key, columns: readonly string[], where: Condition): Promise<Row | undefined> {
    const update = { filter: this.filterOf(key, where), update: [{ $set: HOLD }] };
    const held = await this.session.updateOne(this.collection, update, 'after');
    return held && this.rowOf(held, columns, held.held_at as Date);
  }

  async change(key: Key, where: Condition, set: Assignments): Promise<boolean> {
    const update = { filter: this.filterOf(key, where), update: [{ $set: this.expressionsOf(set) }] };
    return (await this.session.updateOne(this.collection, update, 'after')) !== undefined;
  }

  private get collection() {
    return this.collections.of(this.table).collection;
  }

  private get idField(): string {
    return String(this.table.key[0]);
  }

  private filterOf(key: Key, where: Condition): Filter {
    return all(among(this.collections, this.table.key, [key]), filterOf(this.collections, this.table, where));
  }

  private rowOf(document: Document, columns: readonly string[], n?: Date): Row {
    const [k, c] = [[valueAt(document, this.idField)], columns.map((column) => valueAt(document, column))];
    return toRow(this.collections.bson, this.table, { columns }, { k, c, ...(n && { n }) });
  }

  private expressionsOf(set: Assignments): Document {
    const entries = Object.entries(set).map(([column, write]) => [
      column,
      expressionOf(this.collections.bson, this.table, column, write),
    ]);
    return Object.fromEntries(entries) as Document;
  }
}

/** A new document, without an id unless it is given one. */
export function documentOf(bson: Bson, table: Table, row: Assignments, now: bigint): Document {
  const fields = Object.entries(row).map(([column, write]) => [column, rawOf(bson, table, column, added(write, now))]);
  return Object.fromEntries(fields) as Document;
}

/** An id that comes after those that were made before. */
export const nextId = (bson: Bson, now: bigint): unknown =>
  new bson.ObjectId(bson.ObjectId.generate(Number(now / 1_000_000n)));

/** What a field of a new document gets. */
function added(write: Assignment, now: bigint): Given {
  if ('increment' in write) return { value: write.increment };
  if ('firstSet' in write) return { time: write.otherwise };
  return 'afterSeconds' in write ? { time: now + BigInt(Math.round(write.afterSeconds * 1e6)) } : write;
}

/** What a document holds at a path. */
const valueAt = (document: Document, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Document | null | undefined)?.[name], document);
