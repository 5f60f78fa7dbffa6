import { type CleanupStore, createService, type RunTransaction, type TurnParts } from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import type { MongoContext } from '../context.js';
import { Collections } from '../mapping/collections.js';
import { bsonOf } from '../values/bson.js';
import { OwnDriver } from './own-driver.js';
import { ownTables } from './own-tables.js';

/** Claims, history and the collections they are in. */
export function mongoService(
  context: MongoContext,
  transaction: RunTransaction<ClientSession>,
  turns?: TurnParts,
): Pick<CleanupStore<ClientSession>, 'claims' | 'journal' | 'ownTables'> {
  const { connection, settings } = context;
  const { ownTables: tables } = settings;
  const { claims, history } = tables;
  const collections = new Collections(
    bsonOf(connection),
    new Map([
      [claims.name, { collection: connection.collection(claims.name), idType: 'string' }],
      [history.name, { collection: connection.collection(history.name), idType: 'objectId' }],
    ]),
  );
  const service = createService<ClientSession>({
    driver: new OwnDriver(context, collections),
    transaction,
    tables,
    entryId: /^[0-9a-f]{24}$/,
    ...turns,
  });
  return { ...service, ownTables: ownTables(context, tables) };
}
