import { type OwnTableState, type OwnTables, throwIfAborted } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { MongoContext } from '../context.js';
import type { Collection } from '../mapping/mapping.js';
import { answered } from '../session/answered.js';
import { describeCollection } from '../session/collations.js';
import { translateError } from '../translate-error.js';
import type { OwnCollections } from './own-collections.js';

interface OwnIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
}

/** For the pages of a strategy's history, and for the oldest of it. */
const HISTORY_INDEXES: readonly OwnIndex[] = [
  { name: 'jobsweep_strategy', key: { strategy: 1, _id: -1 } },
  { name: 'jobsweep_started', key: { startedAt: 1 } },
];

const NAMESPACE_EXISTS = 48;

/** The collections that jobsweep makes for itself. */
export function ownTables(own: OwnCollections): OwnTables {
  const { context, claims, history } = own;
  const each = [
    { collection: claims, indexes: [] },
    { collection: history, indexes: HISTORY_INDEXES },
  ] as const;
  return {
    ddl: each.flatMap(({ collection, indexes }) => ddlOf(collection, indexes)),

    create: ({ signal } = {}) =>
      translated(async () => {
        await context.opened();
        const made: string[] = [];
        for (const { collection, indexes } of each) {
          throwIfAborted(signal);
          if (await createCollection(context, collection)) made.push(collection.collectionName);
          throwIfAborted(signal);
          if (indexes.length > 0) await createIndexes(context, collection, indexes);
        }
        return made;
      }),

    state: ({ signal } = {}) =>
      translated(async () => {
        await context.opened();
        const states: OwnTableState[] = [];
        for (const { collection, indexes } of each) {
          throwIfAborted(signal);
          states.push(await stateOf(context, collection, indexes));
        }
        return states;
      }),
  };
}

function ddlOf({ collectionName }: Collection, indexes: readonly OwnIndex[]): string[] {
  const name = JSON.stringify(collectionName);
  const create = `if (!db.getCollectionNames().includes(${name})) db.createCollection(${name})`;
  const index = ({ key, name: indexName }: OwnIndex) =>
    `db.getCollection(${name}).createIndex(${JSON.stringify(key)}, ${JSON.stringify({ name: indexName })})`;
  return [create, ...indexes.map(index)];
}

/** Whether it was not there. */
async function createCollection(
  { connection, settings }: MongoContext,
  { collectionName }: Collection,
): Promise<boolean> {
  const { statementTimeoutMs: maxTimeMS } = settings;
  const [found] = await describeCollection(connection, collectionName, maxTimeMS);
  if (found !== undefined) return false;
  try {
    await answered(required(connection.db).command({ create: collectionName, maxTimeMS }), maxTimeMS);
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === NAMESPACE_EXISTS) return false;
    throw error;
  }
}

async function createIndexes(
  { connection, settings }: MongoContext,
  { collectionName }: Collection,
  indexes: readonly OwnIndex[],
): Promise<void> {
  const { statementTimeoutMs: maxTimeMS } = settings;
  await answered(required(connection.db).command({ createIndexes: collectionName, indexes, maxTimeMS }), maxTimeMS);
}

async function stateOf(
  { connection, settings }: MongoContext,
  collection: Collection,
  indexes: readonly OwnIndex[],
): Promise<OwnTableState> {
  const { statementTimeoutMs: maxTimeMS } = settings;
  const table = collection.collectionName;
  const [found] = await describeCollection(connection, table, maxTimeMS);
  if (found === undefined) return { table, exists: false, problem: null };
  if ((found.type ?? 'collection') !== 'collection') {
    return { table, exists: true, problem: `It is a ${found.type}, which cannot be written` };
  }
  const there = await answered(collection.listIndexes({ maxTimeMS }).toArray(), maxTimeMS);
  const keys = there.map(({ key }) => JSON.stringify(key));
  const missing = indexes.filter(({ key }) => !keys.includes(JSON.stringify(key)));
  if (missing.length === 0) return { table, exists: true, problem: null };
  return { table, exists: true, problem: `It has no index ${missing.map(({ name }) => name).join(', nor ')}` };
}

/** The database of a connection that is open. */
function required(db: mongo.Db | undefined): mongo.Db {
  if (db === undefined) throw new Error('The connection has no database');
  return db;
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translateError(error, false);
  }
}
