import { type CleanupStore, createService, type RunTransaction, type TurnParts } from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import type { MongoContext } from '../context.js';
import { Collections } from '../mapping/collections.js';
import type { MongoCleanupRepository } from '../mongo-cleanup-repository.js';
import { bsonOf } from '../values/bson.js';
import { OwnDriver } from './own-driver.js';
import { ownTables } from './own-tables.js';

/** Claims, history and the collections they are in. */
export function mongoService(
  context: MongoContext,
  repository: MongoCleanupRepository,
  transaction: RunTransaction<ClientSession>,
  turns?: TurnParts,
): Pick<CleanupStore<ClientSession>, 'claims' | 'journal' | 'changes' | 'ownTables'> {
  const { connection, settings } = context;
  const { ownTables: tables } = settings;
  const { claims, history, changes } = tables;
  const collections = new Collections(
    bsonOf(connection),
    new Map([
      [claims.name, { collection: connection.collection(claims.name), idType: 'string' }],
      [history.name, { collection: connection.collection(history.name), idType: 'objectId' }],
      [changes.name, { collection: connection.collection(changes.name), idType: 'string' }],
    ]),
  );
  const service = createService<ClientSession>({
    driver: new OwnDriver(context, collections),
    transaction,
    tables,
    repository,
    entryId: /^[0-9a-f]{24}$/,
    ...turns,
  });
  return { ...service, ownTables: ownTables(context, tables) };
}
