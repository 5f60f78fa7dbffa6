import { type HistoryOptions, historyLimit, invalidOption, type Journal, type PassEntry } from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { checkName } from './check-claim.js';
import { onOwnTables, type ServiceContext } from './context.js';
import { type HistoryRow, selectHistory, toEntry, valuesOf } from './history-row.js';
import { prune } from './prune.js';

/** The history of passes, in jobsweep's own table: newest first means the one that was appended last. */
export function journal<Session extends object>(context: ServiceContext<Session>): Journal {
  const { dialect, names } = context;
  return {
    async append(entry) {
      checkEntry(entry);
      await onOwnTables(context, (session) => insert(session, context, entry), {});
    },

    async read(options = {}) {
      const { strategy, before, signal } = options;
      const limit = historyLimit(options);
      checkRead(options);
      const page = ({ build, rows }: SqlSession) => {
        const query = selectHistory(build, dialect, names.history).orderByRaw('h.id desc').limit(limit);
        if (strategy !== undefined) query.whereRaw('h.strategy = ?', [strategy]);
        if (before !== undefined) query.whereRaw('h.id < ?', [before.id]);
        return rows<HistoryRow>(query);
      };
      return (await onOwnTables(context, page, { readOnly: true, signal })).map(toEntry);
    },

    prune: (options) => prune(context, options),
  };
}

async function insert<Session extends object>(
  { build, rows }: SqlSession,
  { dialect, names }: ServiceContext<Session>,
  entry: PassEntry,
): Promise<void> {
  const values = { ...valuesOf(entry), started_at: dialect.own.after(build, -entry.durationMs / 1000) };
  const marks = Object.keys(values).map(() => '?');
  await rows(
    build.raw(
      `insert into ${dialect.own.quoted(names.history)} (${Object.keys(values).join(', ')}) values (${marks.join(', ')})`,
      Object.values(values) as Parameters<typeof build.raw>[1],
    ),
  );
}

function checkEntry({ strategy, durationMs }: PassEntry): void {
  checkName('strategy', strategy);
  if (!(durationMs >= 0 && durationMs < 1e12)) throw invalidOption('durationMs', durationMs, 'give milliseconds');
}

function checkRead({ strategy, before }: HistoryOptions): void {
  if (strategy !== undefined) checkName('strategy', strategy);
  if (before !== undefined && !/^\d{1,18}$/.test(before.id)) {
    throw invalidOption('before', before.id, 'give the last entry of the page before');
  }
}
