import {
  insteadOf,
  OWN_TABLE_NAMES,
  OWN_TABLES,
  type OwnTableSet,
  type OwnTableState,
  type OwnTables,
  throwIfAborted,
} from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { runCommand } from '../session/command.js';
import { describe } from '../session/describe.js';
import { indexesOf as indexesThere } from '../session/indexes.js';

export interface OwnIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, 1>>;
  readonly unique?: true;
}

const NAMESPACE_EXISTS = 48;

/** The collections that jobsweep makes for itself. */
export function ownTables(context: MongoContext, tables: OwnTableSet): OwnTables {
  const each = OWN_TABLE_NAMES.map((which) => {
    const { key, name } = tables[which];
    return { name, indexes: indexesOf(key, OWN_TABLES[which].indexes) };
  });
  return {
    ddl: each.flatMap(({ name, indexes }) => ddlOf(name, indexes)),

    async create({ signal } = {}) {
      const made: string[] = [];
      for (const { name, indexes } of each) {
        throwIfAborted(signal);
        if (await createCollection(context, name)) made.push(name);
        throwIfAborted(signal);
        if (indexes.length > 0) await runCommand(context, { createIndexes: name, indexes });
      }
      return made;
    },

    async state({ signal } = {}) {
      const states: OwnTableState[] = [];
      for (const { name, indexes } of each) {
        throwIfAborted(signal);
        states.push(await stateOf(context, name, indexes));
      }
      return states;
    },
  };
}

function indexesOf([id = '']: readonly string[], indexes: Readonly<Record<string, readonly string[]>>): OwnIndex[] {
  return Object.entries(indexes).map(([suffix, columns]) => ({
    name: `jobsweep_${suffix}`,
    key: Object.fromEntries(columns.map((column) => [column === 'id' ? id : column, 1])),
  }));
}

export function ddlOf(collection: string, indexes: readonly OwnIndex[]): string[] {
  const name = JSON.stringify(collection);
  const create = `if (!db.getCollectionNames().includes(${name})) db.createCollection(${name})`;
  const index = ({ key, ...how }: OwnIndex) =>
    `db.getCollection(${name}).createIndex(${JSON.stringify(key)}, ${JSON.stringify(how)})`;
  return [create, ...indexes.map(index)];
}

/** Whether it was not there. */
export async function createCollection(context: MongoContext, name: string): Promise<boolean> {
  if ((await describe(context, name)) !== undefined) return false;
  try {
    await runCommand(context, { create: name });
    return true;
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: unknown } };
    if (cause?.code === NAMESPACE_EXISTS) return false;
    throw error;
  }
}

async function stateOf(context: MongoContext, table: string, indexes: readonly OwnIndex[]): Promise<OwnTableState> {
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
  const there = await indexesThere(context, table).catch(insteadOf('PERMISSION_DENIED', undefined));
  const keys = there?.map(({ key }) => JSON.stringify(key));
  return indexes.filter(({ key }) => keys !== undefined && !keys.includes(JSON.stringify(key)));
}
