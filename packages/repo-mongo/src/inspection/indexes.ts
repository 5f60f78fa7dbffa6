import type { IndexAdvice, IndexFacts } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { Collection } from '../mapping/collections.js';
import { Collations } from '../session/collations.js';
import type { IndexInfo } from '../session/indexes.js';
import { translateError } from '../translate-error.js';

/** What an index says of the documents. It can be read from either end, if all of its fields go the same way. */
export function indexFacts({ name, unique, ...info }: IndexInfo): IndexFacts {
  const { key, sparse = false, hidden = false, partialFilterExpression, collation } = info;
  const isPart = sparse || partialFilterExpression !== undefined;
  const isSimple = collation?.locale === undefined || collation.locale === 'simple';
  const fields = Object.entries(key);
  const [, first] = fields[0] ?? [];
  const isOrder = !isPart && !hidden && isSimple && (first === 1 || first === -1);
  const names = fields.map(([field]) => field);
  // That of `_id` does not say that it is.
  const isUnique = (unique === true && partialFilterExpression === undefined) || names.join() === '_id';
  return {
    name,
    columns: isOrder ? fields.map(([field, direction]) => (direction === first ? field : null)) : [],
    ...(isUnique && { unique: names }),
  };
}

/** What `createIndexes` is told. */
export async function indexSpec(
  context: MongoContext,
  collection: Collection,
  { columns, name }: Pick<IndexAdvice, 'columns' | 'name'>,
) {
  const key = Object.fromEntries(columns.map((column) => [column, 1 as const]));
  return { key, name, ...(await collationOf(context, collection)) };
}

/** A line for mongosh. MongoDB locks writes out for a moment at the beginning and the end of it, and not in between. */
export async function indexStatement(...of: Parameters<typeof indexSpec>): Promise<string> {
  const { key, ...options } = await indexSpec(...of);
  const [name, ...told] = [of[1].collectionName, key, options].map((value) => JSON.stringify(value));
  return `db.getCollection(${name}).createIndex(${told.join(', ')})`;
}

async function collationOf({ connection, opened, settings }: MongoContext, collection: Collection) {
  try {
    await opened();
    return await new Collations(connection, settings.statementTimeoutMs).of(collection);
  } catch (error) {
    throw translateError(error);
  }
}
