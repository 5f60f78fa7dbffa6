import { isJobsweepError, type OwnTableState, type OwnTables, throwIfAborted } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { Collection } from '../mapping/collections.js';
import { describeCollection } from '../session/collations.js';
import { runCommand } from '../session/command.js';
import { indexesOf } from '../session/indexes.js';
import { translateError } from '../translate-error.js';
import type { OwnCollections } from './own-collections.js';

interface OwnIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
}

/** For the pages of a strategy's history, and for the oldest of it. */
const HISTORY_INDEXES: readonly OwnIndex[] = [
  { name: 'jobsweep_strategy', key: { config: 1, strategy: 1, _id: -1 } },
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

    async create({ signal } = {}) {
      const made: string[] = [];
      for (const { collection, indexes } of each) {
        throwIfAborted(signal);
        const { collectionName } = collection;
        if (await createCollection(context, collection)) made.push(collectionName);
        throwIfAborted(signal);
        if (indexes.length > 0) await runCommand(context, { createIndexes: collectionName, indexes });
      }
      return made;
    },

    async state({ signal } = {}) {
      const states: OwnTableState[] = [];
      for (const { collection, indexes } of each) {
        throwIfAborted(signal);
        states.push(await stateOf(context, collection, indexes));
      }
      return states;
    },
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
async function createCollection(context: MongoContext, { collectionName }: Collection): Promise<boolean> {
  if ((await describe(context, collectionName)) !== undefined) return false;
  try {
    await runCommand(context, { create: collectionName });
    return true;
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: unknown } };
    if (cause?.code === NAMESPACE_EXISTS) return false;
    throw error;
  }
}

async function stateOf(
  context: MongoContext,
  { collectionName: table }: Collection,
  indexes: readonly OwnIndex[],
): Promise<OwnTableState> {
  const found = await describe(context, table);
  if (found === undefined) return { table, exists: false, problem: null };
  if ((found.type ?? 'collection') !== 'collection') {
    return { table, exists: true, problem: `It is a ${found.type}, which cannot be written` };
  }
  const missing = indexes.length === 0 ? [] : await missingOf(context, table, indexes);
  if (missing.length === 0) return { table, exists: true, problem: null };
  return { table, exists: true, problem: `It has no index ${missing.map(({ name }) => name).join(', nor ')}` };
}

/** Those of the indexes that are missing; none for a user who may work with the collection and not ask for its indexes. */
async function missingOf(
  context: MongoContext,
  table: string,
  indexes: readonly OwnIndex[],
): Promise<readonly OwnIndex[]> {
  try {
    const keys = (await indexesOf(context, table)).map(({ key }) => JSON.stringify(key));
    return indexes.filter(({ key }) => !keys.includes(JSON.stringify(key)));
  } catch (error) {
    if (isJobsweepError(error, 'PERMISSION_DENIED')) return [];
    throw error;
  }
}

async function describe({ connection, opened, settings }: MongoContext, name: string) {
  try {
    await opened();
    const [found] = await describeCollection(connection, name, settings.statementTimeoutMs);
    return found;
  } catch (error) {
    throw translateError(error, false);
  }
}
