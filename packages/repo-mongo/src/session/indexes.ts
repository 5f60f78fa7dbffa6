import { insteadOf } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { runCommand } from './command.js';

/** An index as the server describes it. */
export interface IndexInfo {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly unique?: boolean;
  readonly sparse?: boolean;
  readonly hidden?: boolean;
  readonly partialFilterExpression?: object;
  readonly collation?: { readonly locale?: string };
}

/** The indexes of a collection, which has at most 64; none where there is no such collection. */
export async function indexesOf(context: MongoContext, collectionName: string): Promise<readonly IndexInfo[]> {
  const none = { cursor: { firstBatch: [] } };
  const asked = { listIndexes: collectionName, cursor: { batchSize: 1000 } };
  const answer = runCommand<{ readonly cursor: { readonly firstBatch: IndexInfo[] } }>(context, asked);
  return (await answer.catch(insteadOf('SCHEMA_MISMATCH', none))).cursor.firstBatch;
}
