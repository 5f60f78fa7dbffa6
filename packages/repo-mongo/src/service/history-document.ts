import type { BlockedRow, HistoryEntry, PassEntry } from '@jobsweep/core';
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
  const { strategy, status, stopReason, durationMs, itemsCleaned, itemsFound, itemsContended } = entry;
  const { itemsPassedOver, itemsBlocked, itemsUnknown, batches, error, host, holder, note } = entry;
  return {
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
      id: cut(id),
      code,
      message: cut(message),
      constraint: constraint ?? null,
    })),
    error: error && { code: error.code, message: cut(error.message) },
    host: cut(host),
    holder: cut(holder),
    note: note === null ? null : cut(note),
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

/** Passwords in URLs, as errors of drivers may repeat them. */
const PASSWORDS = /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s/]+(?=@)/gi;

/** A text of a bounded length, without passwords of URLs. */
function cut(text: string): string {
  const clean = text.replace(PASSWORDS, '***').replace(/\p{Cs}/gu, '\uFFFD');
  // Of a character that takes two units only the first may be left.
  return clean.length <= MAX_TEXT ? clean : `${clean.slice(0, MAX_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
