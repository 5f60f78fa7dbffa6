import { invalidOption } from '../../errors.js';
import type { HistoryEntry, Journal, PassEntry } from '../../service/journal.js';
import { checkPassEntry, checkPrune, historyLimit } from '../../service/requests.js';
import type { MemoryDatabase } from '../engine/database.js';
import type { HistoryRow } from '../engine/rows.js';
import type { MemorySession } from '../engine/session.js';
import { secondsBefore, toDate } from '../engine/times.js';
import { requireTable } from './missing.js';

const HISTORY = 'jobsweep_history';
const DAY = 86_400;

/** The history in memory, in the order in which passes ended. */
export function memoryJournal(database: MemoryDatabase): Journal {
  const table = () => {
    requireTable(database, HISTORY);
    return database.rows(HISTORY);
  };
  return {
    append: (entry) => database.transaction((session) => keepEntry(session, database, entry)),

    async read(options = {}) {
      const { config, strategy, repairedOnly = false, before } = options;
      const limit = historyLimit(options);
      const rows = table().reverse();
      const end = before === undefined ? 0 : placeOf(before.id);
      return rows
        .filter((row) => end === 0 || Number(row.id) < end)
        .filter((row) => config === undefined || row.config === config)
        .filter((row) => strategy === undefined || row.strategy === strategy)
        .map(entryOf)
        .filter(({ itemsCleaned }) => !repairedOnly || itemsCleaned > 0)
        .slice(0, limit);
    },

    async prune(options) {
      checkPrune(options);
      const horizon = secondsBefore(database.now(), options.maxAgeDays * DAY);
      const { config } = options;
      const old = table().filter((row) => row.startTime < horizon && (config === undefined || row.config === config));
      old.sort((one, other) => (one.startTime < other.startTime ? -1 : 1));
      const ids = new Set(old.slice(0, options.limit).map(({ id }) => id));
      const isOld = ({ id, startTime }: HistoryRow) => ids.has(id) && startTime < horizon;
      return (await database.transaction((session) => session.delete(HISTORY, isOld))).length;
    },
  };
}

/** Adds a pass in the transaction of whatever ends it. `startTime`: where that is known better than by its duration up to now. */
export async function keepEntry(
  session: MemorySession,
  database: MemoryDatabase,
  entry: PassEntry,
  startTime = secondsBefore(database.now(), entry.durationMs / 1000),
): Promise<void> {
  checkPassEntry(entry);
  requireTable(database, HISTORY);
  const { config, strategy } = entry;
  const id = String(database.nextNumber());
  await session.insert(HISTORY, { id, config, strategy, startTime, entry: JSON.stringify(entry) });
}

function placeOf(id: string): number {
  const place = Number(id);
  if (Number.isSafeInteger(place) && place > 0) return place;
  throw invalidOption('before.id', id, 'give an entry of the history');
}

function entryOf({ id, startTime, entry }: HistoryRow): HistoryEntry {
  return { ...(JSON.parse(entry) as PassEntry), id, startedAt: toDate(startTime) };
}
