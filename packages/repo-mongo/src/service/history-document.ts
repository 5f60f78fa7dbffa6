import { type BlockedRow, type HistoryEntry, keptText, type PassEntry } from '@jobsweep/core';
import type { mongo } from 'mongoose';

/** A pass as a document. Its id is made of the server's time, so that ids follow the order in which passes ended. */
export interface HistoryDocument extends Omit<PassEntry, 'blocked'> {
  readonly _id: mongo.ObjectId;
  readonly startedAt: Date;
  readonly blocked: readonly (Omit<BlockedRow, 'constraint'> & { readonly constraint: string | null })[];
}

const MAX_BLOCKED = 100;

/** How many characters of a text are kept; longer ones are cut. */
const MAX_TEXT = 2000;

/** The fields that an entry is kept as, but its id and the time it began. */
export function fieldsOf(entry: PassEntry): Omit<HistoryDocument, '_id' | 'startedAt'> {
  const { config, strategy, status, stopReason, durationMs, itemsCleaned, itemsFound, itemsContended } = entry;
  const { itemsPassedOver, itemsBlocked, itemsUnknown, batches, error, host, holder, note } = entry;
  return {
    config,
    strategy,
    status,
    stopReason,
    durationMs,
    itemsCleaned,
    itemsFound,
    itemsContended,
    itemsPassedOver,
    itemsBlocked,
    itemsUnknown,
    batches,
    blocked: entry.blocked.slice(0, MAX_BLOCKED).map(({ id, code, message, constraint }) => ({
      id: keptText(id, MAX_TEXT),
      code,
      message: keptText(message, MAX_TEXT),
      constraint: constraint ?? null,
    })),
    error: error && { code: error.code, message: keptText(error.message, MAX_TEXT) },
    host: keptText(host, MAX_TEXT),
    holder: keptText(holder, MAX_TEXT),
    note: note === null ? null : keptText(note, MAX_TEXT),
  };
}

export function toEntry({ _id, startedAt, ...fields }: HistoryDocument): HistoryEntry {
  const blocked = fields.blocked.map(({ id, code, message, constraint }) => ({
    id,
    code,
    message,
    constraint: constraint ?? undefined,
  }));
  return { ...fields, blocked, id: _id.toHexString(), startedAt };
}
