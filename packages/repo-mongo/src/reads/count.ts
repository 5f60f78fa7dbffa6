import { type CountOptions, requireRows, throwIfAborted } from '@jobsweep/core';
import type { Collection } from '../mapping/mapping.js';
import type { OpenSession } from '../session/open-session.js';
import type { Pipeline } from './rules.js';

/** Counts the documents of a pipeline, up to `atMost`. */
export async function countRows(
  session: OpenSession,
  collection: Collection,
  pipeline: Pipeline,
  { atMost, signal }: CountOptions = {},
): Promise<number> {
  throwIfAborted(signal);
  requireRows('atMost', atMost);
  const counted = [...pipeline, ...(atMost === undefined ? [] : [{ $limit: atMost }]), { $count: 'total' }];
  const [row] = await session.rows<{ readonly total: number }>(collection, counted);
  return row?.total ?? 0;
}
