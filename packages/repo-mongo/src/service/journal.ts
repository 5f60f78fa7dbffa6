import { checkPrune, historyLimit, invalidOption, type Journal, throwIfAborted } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import { CHUNK_ROWS } from '../writes/chunks.js';
import { fieldsOf, type HistoryDocument, toEntry } from './history-document.js';
import type { OwnCollections } from './own-collections.js';

const DAY_MS = 86_400_000;

/** The history of passes, as documents of a collection of jobsweep's own: newest first means that was appended last. */
export function journal(own: OwnCollections): Journal {
  const { history } = own;
  const { ObjectId } = own.context.mapping.bson;
  return {
    async append(entry) {
      if (!(entry.durationMs >= 0 && entry.durationMs < 1e12)) {
        throw invalidOption('durationMs', entry.durationMs, 'give milliseconds');
      }
      await own.require(history);
      await own.run(async (open) => {
        const _id = new ObjectId(ObjectId.generate(Math.floor(open.nowMs / 1000)));
        await open.insert(history, { _id, startedAt: new Date(open.nowMs - entry.durationMs), ...fieldsOf(entry) });
      });
    },

    async read(options = {}) {
      const { strategy, before, signal } = options;
      const limit = historyLimit(options);
      if (before !== undefined && !/^[0-9a-f]{24}$/.test(before.id)) {
        throw invalidOption('before', before.id, 'give the last entry of the page before');
      }
      const page = {
        ...(strategy !== undefined && { strategy: { $eq: strategy } }),
        ...(before !== undefined && { _id: { $lt: new ObjectId(before.id) } }),
      };
      const pipeline = [{ $match: page }, { $sort: { _id: -1 } }, { $limit: limit }];
      const documents = await own.run((open) => open.rows<HistoryDocument>(history, pipeline), {
        readOnly: true,
        signal,
      });
      if (documents.length === 0) await own.require(history);
      return documents.map(toEntry);
    },

    async prune(options) {
      checkPrune(options);
      const { maxAgeDays, limit, signal } = options;
      let pruned = 0;
      while (pruned < limit) {
        throwIfAborted(signal);
        const rows = Math.min(CHUNK_ROWS, limit - pruned);
        const deleted = await prunePage(own, maxAgeDays, rows, signal);
        pruned += deleted;
        if (deleted < rows) break;
      }
      if (pruned === 0) await own.require(history);
      return pruned;
    },
  };
}

/** Deletes the oldest documents, in a transaction of its own. */
function prunePage(
  own: OwnCollections,
  maxAgeDays: number,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { history } = own;
  return own.run(
    async (open) => {
      const old = { startedAt: { $lt: new Date(open.nowMs - maxAgeDays * DAY_MS) } };
      const oldest: mongo.Document[] = [
        { $match: old },
        { $sort: { startedAt: 1 } },
        { $limit: limit },
        { $project: { _id: 1 } },
      ];
      const ids = (await open.rows<{ readonly _id: unknown }>(history, oldest)).map(({ _id }) => _id);
      return ids.length === 0 ? 0 : open.delete(history, { _id: { $in: ids }, ...old });
    },
    { signal },
  );
}
