import { type Condition, type Exact, keyText, type Row, type Table, type Update, type Write } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import type { OpenSession } from '../session/open-session.js';
import { type Bson, exactText } from '../values/bson.js';
import { exactIn, rawIn } from '../values/mongo-values.js';
import { chunksOf } from './chunks.js';
import { all, among, type Filter } from './filters.js';
import { filterOf } from './stages.js';
import { expressionOf, type Given, rawOf } from './written.js';

/**
 * Writes documents that were just read. In a transaction a document that has changed since is a conflict, so one filter does
 * for all; without one each is asked whether it is as it was read.
 */
export class Writes {
  private readonly filter: Filter;

  constructor(
    private readonly session: OpenSession,
    private readonly collections: Collections,
    private readonly table: Table,
    guard: Condition,
  ) {
    this.filter = filterOf(collections, table, guard);
  }

  /** Returns the rows that were changed. Of a transaction that lost some, it is their number alone that is right. */
  async update(rows: readonly Row[], set: Update['set']): Promise<Row[]> {
    const { bson } = this.collections;
    const update = updateOf(bson, this.table, set);
    const changed: Row[] = [];
    for (const chunk of chunksOf(rows)) {
      if (this.session.atomic) {
        const filter = all(this.among(chunk), this.filter);
        changed.push(...chunk.slice(0, await this.session.update(this.collection, { filter, update })));
        continue;
      }
      const each = this.eachAsRead(chunk).map((filter) => ({ filter, update }));
      const matched = await this.session.updateEach(this.collection, each);
      // Where some had changed, those that are ours hold all that was written, down to the millisecond.
      changed.push(...(matched === chunk.length ? chunk : await this.those(chunk, givenOf(bson, this.table, set))));
    }
    return changed;
  }

  /** Returns the rows that are gone, as above. */
  async remove(rows: readonly Row[]): Promise<Row[]> {
    const gone: Row[] = [];
    for (const chunk of chunksOf(rows)) {
      if (this.session.atomic) {
        const filter = all(this.among(chunk), this.filter);
        gone.push(...chunk.slice(0, await this.session.delete(this.collection, filter)));
        continue;
      }
      const deleted = await this.session.deleteEach(this.collection, this.eachAsRead(chunk));
      const left = new Set(deleted === chunk.length ? [] : await this.those(chunk, {}));
      gone.push(...chunk.filter((row) => !left.has(row)));
    }
    return gone;
  }

  private get collection() {
    return this.collections.of(this.table).collection;
  }

  /** Filters for rows that are still as they were read, one for all that were read alike. */
  private eachAsRead(rows: readonly Row[]): Filter[] {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const alike = JSON.stringify(row.columns);
      const group = groups.get(alike);
      if (group === undefined) groups.set(alike, [row]);
      else group.push(row);
    }
    return [...groups.values()].map((group) => all(this.among(group), this.asRead(group[0]), this.filter));
  }

  private among(rows: readonly Row[]): Filter {
    const keys = rows.map(({ key }) => key);
    return among(this.collections, this.table.key, keys);
  }

  private asRead(row: Row | undefined): Filter {
    const raw = (column: string, exact: Exact) => rawIn(this.collections.bson, this.table, column, exact);
    const fields = Object.entries(row?.columns ?? {});
    return Object.fromEntries(fields.map(([column, exact]) => [column, { $eq: raw(column, exact) }]));
  }

  /** The rows that meet a filter now. */
  private async those(rows: readonly Row[], filter: Filter): Promise<Row[]> {
    const key = this.table.key.map((field) => `$${field}`);
    const stages = [{ $match: all(this.among(rows), filter) }, { $project: { _id: 0, key } }];
    const found = await this.session.rows<{ readonly key: readonly unknown[] }>(this.collection, stages);
    const keys = new Set(
      found.map(({ key: raw }) => keyText(raw.map((each) => exactText(this.collections.bson, each)))),
    );
    return rows.filter((row) => keys.has(keyText(row.key)));
  }
}

/** The rows as they are after an update, where nothing has to be read for it. */
export function asWritten({ bson }: Collections, table: Table, rows: readonly Row[], { set, columns }: Update) {
  const after = new Map<string, Exact>();
  for (const [column, write] of Object.entries(set))
    if (isGiven(write)) after.set(column, exactIn(bson, table, column, rawOf(bson, table, column, write)));
  const known = (row: Row) =>
    Object.fromEntries(columns.map((column) => [column, after.has(column) ? after.get(column) : row.columns[column]]));
  const isKnown = columns.every((column) => after.has(column) || rows.every((row) => column in row.columns));
  return isKnown ? rows.map((row): Row => ({ key: row.key, columns: known(row) as Row['columns'] })) : undefined;
}

/** Operators, or a pipeline where what is written depends on other fields. */
function updateOf(bson: Bson, table: Table, set: Update['set']): mongo.Document | mongo.Document[] {
  const entries = Object.entries(set);
  if (entries.some(([, write]) => 'firstSet' in write))
    return [
      {
        $set: Object.fromEntries(entries.map(([column, write]) => [column, expressionOf(bson, table, column, write)])),
      },
    ];
  const $inc = entries.flatMap(([column, write]) => ('increment' in write ? [[column, write.increment] as const] : []));
  return { ...some('$set', givenOf(bson, table, set)), ...some('$inc', Object.fromEntries($inc)) };
}

/** The fields that get the same in every document. */
function givenOf(bson: Bson, table: Table, set: Update['set']): mongo.Document {
  const given = Object.entries(set).flatMap(([column, write]) =>
    isGiven(write) ? [[column, rawOf(bson, table, column, write)] as const] : [],
  );
  return Object.fromEntries<unknown>(given);
}

const isGiven = (write: Write): write is Given => !('increment' in write || 'firstSet' in write);

const some = (operator: string, fields: object) => (Object.keys(fields).length > 0 ? { [operator]: fields } : {});
