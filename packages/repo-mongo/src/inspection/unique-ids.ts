import { type SchemaFinding, schemaFinding } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collection } from '../mapping/collections.js';

/** What the server tells of an index. */
interface Index {
  readonly key: mongo.Document;
  readonly unique?: boolean;
  readonly partialFilterExpression?: mongo.Document;
}

/**
 * A write names its documents by their id alone, so two with one id would both be written when one of them is due. An
 * `_id` is unique; another field is by an index of it alone, without a condition.
 *
 * @param path where the option of the id is: `schema.jobs.columns.id`.
 */
export async function idFindings(
  path: string,
  collection: Collection,
  idField: string,
  maxTimeMS: number,
): Promise<SchemaFinding[]> {
  if (idField === '_id') return [];
  const indexes = (await collection.listIndexes({ maxTimeMS }).toArray()) as Index[];
  const isUnique = indexes.some(
    ({ key, unique, partialFilterExpression }) =>
      unique === true && partialFilterExpression === undefined && Object.keys(key).join() === idField,
  );
  if (isUnique) return [];
  const name = collection.collectionName;
  return [schemaFinding(path, { kind: 'notUnique', what: 'collection', name, column: idField, scopedBy: [] })];
}
