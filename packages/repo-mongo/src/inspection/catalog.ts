import {
  type Catalog,
  type RunTransaction,
  type StateCount,
  type Table,
  type TableFacts,
  throwIfAborted,
} from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import type { MongoContext } from '../context.js';
import { runCommand } from '../session/command.js';
import { describe } from '../session/describe.js';
import { indexesOf } from '../session/indexes.js';
import type { OpenSession } from '../session/open-session.js';
import { explain } from './cost.js';
import { createIndex } from './create-index.js';
import { indexFacts, indexStatement } from './indexes.js';
import { grantScript, missingPrivileges } from './privileges.js';
import { sampleFindings } from './sample.js';
import { serverInfo } from './server.js';
import { collectionsThere, describeCollections } from './survey.js';
import { valuesOf } from './values-of.js';

/** What MongoDB tells of itself and its collections. */
export function mongoCatalog(
  context: MongoContext,
  transaction: RunTransaction<ClientSession>,
  signal: AbortSignal | undefined,
): Catalog {
  const { mapping, sessions } = context;
  const { collections } = mapping;
  const look = <Answer>(question: (open: OpenSession) => Promise<Answer>): Promise<Answer> =>
    transaction(async (session) => question(await sessions.open(session, 'read')), { readOnly: true, signal });
  return {
    holder: 'collection',
    hasPartialIndexes: false,
    maxNameBytes: 120,
    server: () => serverInfo(context, signal),
    table: (table) => collectionFacts(context, table, signal),
    async names() {
      const asked = { listCollections: 1, nameOnly: true, cursor: { batchSize: 1000 } };
      const { cursor } = await runCommand<Names>(context, asked);
      return cursor.firstBatch.map(({ name }) => name);
    },
    // Values have types, and fields have none.
    typeHolds: () => undefined,
    typeIsInexact: () => false,
    findings: (tables) => sampleFindings(context, tables, signal),
    tables: () => collectionsThere(context),
    describe: (tables) => describeCollections(context, tables),
    values: (asked): Promise<readonly StateCount[]> =>
      look((open) => valuesOf(open, collections.with(asked.table, context.connection), asked)),
    indexStatement: (index, table) => indexStatement(context, collections.of(table).collection, index),
    createIndex: (advice) => createIndex(context, advice, signal),
    async explain(asked) {
      const now = await look(async (open) => open.now);
      throwIfAborted(signal);
      return explain(context, (page) => asked({ now, page }));
    },
    // There are no foreign keys.
    references: async () => null,
    snapshots: async () => null,
    missingPrivileges: (needs) => missingPrivileges(context, needs),
    async grants(user, needs) {
      await context.opened();
      return grantScript(context, user, needs);
    },
  };
}

interface Names {
  readonly cursor: { readonly firstBatch: readonly { readonly name: string }[] };
}

async function collectionFacts(
  context: MongoContext,
  table: Table,
  signal: AbortSignal | undefined,
): Promise<TableFacts | undefined> {
  throwIfAborted(signal);
  const { collectionName: name } = context.mapping.collections.of(table).collection;
  const found = await describe(context, name);
  if (found === undefined) return undefined;
  const { type = 'collection' } = found;
  if (type !== 'collection') return { name, isView: true, unwritable: type, indexes: [] };
  return { name, isView: false, indexes: (await indexesOf(context, name)).map(indexFacts) };
}
