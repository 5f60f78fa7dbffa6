import {
  checkPassEntry,
  checkPrune,
  type HistoryEntry,
  historyLimit,
  type Journal,
  type PassEntry,
} from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';
import { initialized, type Run } from './own-tables.js';
import { timeText, toDate } from './times.js';

interface Row {
  readonly id: string;
  readonly started: string;
  readonly entry: string;
}

/** The history of passes. The newest is the one with the highest id, which the server gives. */
export function journal(transaction: Run): Journal {
  return {
    async append(entry) {
      checkPassEntry(entry);
      await initialized(transaction((session) => keepEntry(session, entry)));
    },

    async read(options = {}) {
      const { config, strategy, repairedOnly = false, before, signal } = options;
      const values = [historyLimit(options), before?.id, strategy, config, repairedOnly];
      const page = `
        select id::text, ${timeText('started_at')} as started, entry::text from jobsweep_history
        where ($2::bigint is null or id < $2) and ($3::text is null or strategy = $3)
          and ($4::text is null or config = $4) and (not $5::boolean or (entry->>'itemsCleaned')::bigint > 0)
        order by id desc limit $1`;
      const read = transaction((session) => session.query<Row>(page, values), { readOnly: true, signal });
      return (await initialized(read)).map(toEntry);
    },

    async prune(options) {
      checkPrune(options);
      const { maxAgeDays, config, limit, signal } = options;
      const isOld = `($3::text is null or config = $3)
        and started_at < statement_timestamp() - make_interval(secs => $1)`;
      const remove = `
        delete from jobsweep_history where ${isOld} and id in
          (select id from jobsweep_history where ${isOld} order by started_at, id limit $2)
        returning id`;
      const removed = transaction((session) => session.query(remove, [maxAgeDays * 86_400, limit, config]), { signal });
      return (await initialized(removed)).length;
    },
  };
}

/** Adds a pass in the transaction of whatever ended it. `started`: where that is known better than by its duration. */
export async function keepEntry(
  session: PgTransaction,
  entry: PassEntry,
  started: string | null = null,
): Promise<void> {
  const add = `
    insert into jobsweep_history (config, strategy, started_at, entry)
    values ($1, $2, coalesce($3::timestamptz, clock_timestamp() - make_interval(secs => $4)), $5)`;
  const { config, strategy, durationMs } = entry;
  await session.query(add, [config, strategy, started, durationMs / 1000, JSON.stringify(entry)]);
}

function toEntry({ id, started, entry }: Row): HistoryEntry {
  return { ...(JSON.parse(entry) as PassEntry), id, startedAt: toDate(started) ?? new Date(Number.NaN) };
}
