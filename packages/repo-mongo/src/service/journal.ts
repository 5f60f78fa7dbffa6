import { checkPassEntry, checkPrune, historyLimit, invalidOption, type Journal, throwIfAborted } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import { CHUNK_ROWS } from '../driver/chunks.js';
import { type HistoryDocument, toEntry } from './history-document.js';
import { keepEntry } from './keep-entry.js';
import type { OwnCollections } from './own-collections.js';

const DAY_MS = 86_400_000;

/** The history of passes, as documents of a collection of jobsweep's own: newest first means that was appended last. */
export function journal(own: OwnCollections): Journal {
  const { history } = own;
  const { ObjectId } = own.context.mapping.collections.bson;
  return {
    async append(entry) {
      checkPassEntry(entry);
      await own.require(history);
      await own.run((open) => keepEntry(own, open, entry));
    },

    async read(options = {}) {
      const { config, strategy, repairedOnly = false, before, signal } = options;
      const limit = historyLimit(options);
      if (before !== undefined && !/^[0-9a-f]{24}$/.test(before.id)) {
        throw invalidOption('before', before.id, 'give the last entry of the page before');
      }
      const page = {
        ...(config !== undefined && { config }),
        ...(strategy !== undefined && { strategy: { $eq: strategy } }),
        ...(repairedOnly && { itemsCleaned: { $gt: 0 } }),
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
      const { limit, signal } = options;
      let pruned = 0;
      while (pruned < limit) {
        throwIfAborted(signal);
        const rows = Math.min(CHUNK_ROWS, limit - pruned);
        const deleted = await prunePage(own, { ...options, limit: rows });
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
  { maxAgeDays, config, limit, signal }: Parameters<Journal['prune']>[0],
): Promise<number> {
  const { history } = own;
  return own.run(
    async (open) => {
      const horizon = new Date(open.nowMs - maxAgeDays * DAY_MS);
      const old = { startedAt: { $lt: horizon }, ...(config !== undefined && { config }) };
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
