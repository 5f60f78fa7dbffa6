import { invalidOption, type Journal, throwIfAborted } from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { onOwnTables, type ServiceContext } from './context.js';

const MAX_AGE_DAYS = 36_500;
const MAX_ROWS = 100_000;
/** Rows that one statement deletes. */
const PAGE_ROWS = 1000;
const DAY_SECONDS = 86_400;

/** See `Journal.prune`. Pages of rows, each in a transaction of its own. */
export async function prune<Session extends object>(
  context: ServiceContext<Session>,
  { maxAgeDays, limit, signal }: Parameters<Journal['prune']>[0],
): Promise<number> {
  if (!(maxAgeDays > 0 && maxAgeDays <= MAX_AGE_DAYS)) {
    throw invalidOption('maxAgeDays', maxAgeDays, `give a number above 0 and at most ${MAX_AGE_DAYS}`);
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS) {
    throw invalidOption('limit', limit, `give a whole number from 1 to ${MAX_ROWS}`);
  }
  let pruned = 0;
  while (pruned < limit) {
    throwIfAborted(signal);
    const rows = Math.min(PAGE_ROWS, limit - pruned);
    const deleted = await onOwnTables(context, (session) => prunePage(session, context, maxAgeDays, rows), { signal });
    pruned += deleted;
    if (deleted < rows) break;
  }
  return pruned;
}

/** Deletes the oldest rows. What another one deletes at the same moment is locked, and left to it. */
async function prunePage<Session extends object>(
  { build, rows }: SqlSession,
  { dialect, names }: ServiceContext<Session>,
  maxAgeDays: number,
  limit: number,
): Promise<number> {
  const { own, defaultCodec, ago } = dialect;
  const table = own.quoted(names.history);
  const horizon = () => ago(build, defaultCodec, maxAgeDays * DAY_SECONDS);
  const old = build
    .select(build.raw(`${own.text('h.id')} as id`))
    .from(build.raw(`${table} as h`))
    .whereRaw('h.started_at < ?', [horizon()])
    .orderByRaw('h.started_at, h.id')
    .limit(limit)
    .forUpdate()
    .skipLocked();
  const ids = (await rows<{ id: string }>(old)).map(({ id }) => id);
  if (ids.length === 0) return 0;
  const marks = ids.map(() => '?').join(', ');
  await rows(build.raw(`delete from ${table} where id in (${marks}) and started_at < ?`, [...ids, horizon()]));
  return ids.length;
}
