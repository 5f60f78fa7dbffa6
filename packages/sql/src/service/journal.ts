import { type HistoryOptions, historyLimit, invalidOption, type Journal } from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { checkName } from './check-claim.js';
import { onOwnTables, type ServiceContext } from './context.js';
import { type HistoryRow, selectHistory, toEntry } from './history-row.js';
import { checkEntry, keepEntry } from './keep-entry.js';
import { prune } from './prune.js';

/** The history of passes, in jobsweep's own table: newest first means the one that was appended last. */
export function journal<Session extends object>(context: ServiceContext<Session>): Journal {
  const { dialect, names } = context;
  return {
    async append(entry) {
      checkEntry(entry);
      await onOwnTables(context, (session) => keepEntry(session, dialect, names.history, entry), {});
    },

    async read(options = {}) {
      const { config, strategy, repairedOnly = false, before, signal } = options;
      const limit = historyLimit(options);
      checkRead(options);
      const page = ({ build, rows }: SqlSession) => {
        const query = selectHistory(build, dialect, names.history).orderByRaw('h.id desc').limit(limit);
        if (config !== undefined) query.whereRaw('h.config = ?', [config]);
        if (strategy !== undefined) query.whereRaw('h.strategy = ?', [strategy]);
        if (repairedOnly) query.whereRaw('h.items_cleaned > 0');
        if (before !== undefined) query.whereRaw('h.id < ?', [before.id]);
        return rows<HistoryRow>(query);
      };
      return (await onOwnTables(context, page, { readOnly: true, signal })).map(toEntry);
    },

    prune: (options) => prune(context, options),
  };
}

function checkRead({ strategy, before }: HistoryOptions): void {
  if (strategy !== undefined) checkName('strategy', strategy);
  if (before !== undefined && !/^\d{1,18}$/.test(before.id)) {
    throw invalidOption('before', before.id, 'give the last entry of the page before');
  }
}
