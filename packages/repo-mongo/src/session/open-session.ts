import type { Deadline } from '@jobsweep/core';
import type { ClientSession, mongo } from 'mongoose';
import type { Collection } from '../mapping/collections.js';
import type { Activity } from './activity.js';
import { answered, bounds } from './answered.js';
import type { Collation } from './collations.js';
import type { Look } from './server.js';

type Document = mongo.Document;

/** An update of all documents that match. */
export interface Update {
  readonly filter: Document;
  /** Operators, or a pipeline. */
  readonly update: Document | Document[];
}

/** Documents that one answer of the server brings. */
const BATCH_ROWS = 1000;

/** A session that operations run in: the only way to the server, and every command of it bounded. */
export class OpenSession {
  /**
   * @param look at the server when the transaction began.
   * @param begun of a transaction of the store: what it notes, and its deadline.
   */
  constructor(
    private readonly session: ClientSession,
    private readonly maxTimeMs: number,
    private readonly collations: ReadonlyMap<Collection, Collation>,
    private readonly look: Look,
    private readonly begun?: { readonly activity: Activity; readonly deadline: Deadline },
  ) {}

  /** Whether the session is in a transaction. */
  get atomic(): boolean {
    return this.look.hasTransactions;
  }

  /** What the store takes for now, in microseconds since 1970. */
  get now(): bigint {
    return BigInt(this.look.nowMs) * 1000n;
  }

  /** The server's own time, in the same way. */
  get serverTime(): bigint {
    return BigInt(this.look.serverMs) * 1000n;
  }

  /** The documents of a pipeline, all in memory: its last stage is a limit, or something else bounds them. */
  async rows<Row>(collection: Collection, pipeline: readonly Document[]): Promise<Row[]> {
    return this.answered(this.aggregate(collection, pipeline).toArray()) as Promise<Row[]>;
  }

  /** Updates the documents that match. Returns how many there are. */
  async update(collection: Collection, { filter, update }: Update): Promise<number> {
    return (await this.answered(collection.updateMany(filter, update, this.options(collection)))).matchedCount;
  }

  /** Updates one document that matches. Returns it as it was before, or is then; nothing where there is none. */
  async updateOne(
    collection: Collection,
    { filter, update }: Update,
    returnDocument: 'before' | 'after',
  ): Promise<Document | undefined> {
    const how = { ...this.options(collection), ...AS_IS, returnDocument, includeResultMetadata: false } as const;
    return (await this.answered(collection.findOneAndUpdate(filter, update, how))) ?? undefined;
  }

  /**
   * Adds copies of the documents that match to another collection, every field as it is, and returns how many. So many of them
   * are in memory at once as have `COPIED_BYTES` together, or one that has more.
   */
  async copy(
    from: Collection,
    filter: Document,
    to: Collection,
    sizeOf: (document: Document) => number,
  ): Promise<number> {
    const { session, maxTimeMs } = this;
    const cursor = from.find(filter, { ...this.options(from), ...EXACTLY, batchSize: COPIED_ROWS });
    let copied = 0;
    let some: Document[] = [];
    let bytes = 0;
    const add = async () => {
      if (some.length === 0) return;
      const { insertedCount } = await this.answered(to.insertMany(some, { session, ...bounds(maxTimeMs) }));
      copied += insertedCount;
      [some, bytes] = [[], 0];
    };
    try {
      for (;;) {
        const document = await this.answered(cursor.next());
        if (document === null) break;
        some.push(document);
        bytes += sizeOf(document);
        if (bytes >= COPIED_BYTES) await add();
      }
      await add();
    } finally {
      await cursor.close();
    }
    return copied;
  }

  /** Adds documents. */
  async insert(collection: Collection, documents: readonly Document[]): Promise<void> {
    const { session, maxTimeMs } = this;
    await this.answered(collection.insertMany([...documents], { session, ...bounds(maxTimeMs) }));
  }

  /** The same, unless one matches. */
  async insertUnless(collection: Collection, filter: Document, document: Document): Promise<void> {
    const how = { ...this.options(collection), upsert: true };
    await this.answered(collection.updateOne(filter, { $setOnInsert: document }, how));
  }

  /** Several updates in one command. Returns how many documents match. */
  async updateEach(collection: Collection, updates: readonly Update[]): Promise<number> {
    const each = updates.map((update) => ({ updateMany: { ...update, ...this.collations.get(collection) } }));
    return (await this.bulk(collection, each)).matchedCount;
  }

  /** Deletes the documents that match. Returns how many there were. */
  async delete(collection: Collection, filter: Document): Promise<number> {
    return (await this.answered(collection.deleteMany(filter, this.options(collection)))).deletedCount;
  }

  /** Several deletes in one command. Returns how many documents there were. */
  async deleteEach(collection: Collection, filters: readonly Document[]): Promise<number> {
    const each = filters.map((filter) => ({ deleteMany: { filter, ...this.collations.get(collection) } }));
    return (await this.bulk(collection, each)).deletedCount;
  }

  private bulk(collection: Collection, each: readonly mongo.AnyBulkWriteOperation[]) {
    const { session, maxTimeMs } = this;
    return this.answered(collection.bulkWrite([...each], { session, ...bounds(maxTimeMs), ordered: false }));
  }

  private aggregate(collection: Collection, pipeline: readonly Document[]) {
    return collection.aggregate([...pipeline], { ...this.options(collection), ...AS_IS, batchSize: BATCH_ROWS });
  }

  private options(collection: Collection) {
    const { session, maxTimeMs } = this;
    return { session, ...bounds(maxTimeMs), readPreference: 'primary', ...this.collations.get(collection) } as const;
  }

  private async answered<Result>(command: Promise<Result>): Promise<Result> {
    const { begun, maxTimeMs } = this;
    const result = await (begun === undefined ? answered(command, maxTimeMs) : begun.deadline.answered(() => command));
    begun?.activity.note();
    return result;
  }
}

/** What is copied at once. */
const COPIED_BYTES = 4 * 1024 * 1024;
const COPIED_ROWS = 100;

/** Values of the types that they are of, to be written again as they were. */
const EXACTLY = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  useBigInt64: false,
  bsonRegExp: true,
} as const;

/** How values are read, whatever the user's connection says: numbers as numbers, large integers exactly. */
const AS_IS = {
  promoteValues: true,
  promoteLongs: true,
  promoteBuffers: false,
  useBigInt64: false,
  bsonRegExp: true,
} as const;
