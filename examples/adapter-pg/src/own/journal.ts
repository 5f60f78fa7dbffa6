import { checkPrune, type HistoryEntry, historyLimit, type Journal, type PassEntry } from '@jobsweep/core';
import { timeText, toDate } from '../rows.js';
import { initialized, type Run } from './own-tables.js';

interface Row {
  readonly id: string;
  readonly started: string;
  readonly entry: string;
}

/** The history of passes. The newest is the one with the highest id, which the server gives. */
export function journal(transaction: Run): Journal {
  return {
    async append(entry) {
      const add = `
        insert into jobsweep_history (strategy, started_at, entry)
        values ($1, clock_timestamp() - make_interval(secs => $2), $3)`;
      const values = [entry.strategy, entry.durationMs / 1000, JSON.stringify(entry)];
      await initialized(transaction((session) => session.query(add, values)));
    },

    async read(options = {}) {
      const { strategy, before, signal } = options;
      const values = [historyLimit(options), before?.id, strategy];
      const page = `
        select id::text, ${timeText('started_at')} as started, entry::text from jobsweep_history
        where ($2::bigint is null or id < $2) and ($3::text is null or strategy = $3)
        order by id desc limit $1`;
      const read = transaction((session) => session.query<Row>(page, values), { readOnly: true, signal });
      return (await initialized(read)).map(toEntry);
    },

    async prune(options) {
      checkPrune(options);
      const { maxAgeDays, limit, signal } = options;
      const isOld = 'started_at < statement_timestamp() - make_interval(secs => $1)';
      const remove = `
        delete from jobsweep_history where ${isOld} and id in
          (select id from jobsweep_history where ${isOld} order by started_at, id limit $2)
        returning id`;
      const removed = transaction((session) => session.query(remove, [maxAgeDays * 86_400, limit]), { signal });
      return (await initialized(removed)).length;
    },
  };
}

function toEntry({ id, started, entry }: Row): HistoryEntry {
  return { ...(JSON.parse(entry) as PassEntry), id, startedAt: toDate(started) ?? new Date(Number.NaN) };
}
