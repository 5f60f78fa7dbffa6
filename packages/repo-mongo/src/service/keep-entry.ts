import type { PassEntry } from '@jobsweep/core';
import type { OpenSession } from '../session/open-session.js';
import { fieldsOf } from './history-document.js';
import type { OwnCollections } from './own-collections.js';

/**
 * Adds a pass to the history, in the transaction of whatever ended it.
 *
 * @param startedAt when it began, where that is known better than by its duration up to now.
 */
export async function keepEntry(
  own: OwnCollections,
  open: OpenSession,
  entry: PassEntry,
  startedAt = new Date(open.nowMs - entry.durationMs),
): Promise<void> {
  const { ObjectId } = own.context.mapping.collections.bson;
  const _id = new ObjectId(ObjectId.generate(Math.floor(open.nowMs / 1000)));
  await open.insert(own.history, { _id, startedAt, ...fieldsOf(entry) });
}
