import { checkPrune, type Journal, throwIfAborted } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { SqlSession } from '../library.js';
import { returned } from '../rows/tables.js';
import { onOwnTables, type ServiceContext } from './context.js';

/** Rows that one statement deletes. */
const PAGE_ROWS = 1000;
const DAY_SECONDS = 86_400;

/** See `Journal.prune`. Pages of rows, each in a transaction of its own. */
export async function prune<Session extends object>(
  context: ServiceContext<Session>,
  options: Parameters<Journal['prune']>[0],
): Promise<number> {
  checkPrune(options);
  const { limit, signal } = options;
  let pruned = 0;
  while (pruned < limit) {
    throwIfAborted(signal);
    const rows = Math.min(PAGE_ROWS, limit - pruned);
    const deleted = await onOwnTables(context, (session) => prunePage(session, context, options, rows), { signal });
    pruned += deleted;
    if (deleted < rows) break;
  }
  return pruned;
}

/**
 * Deletes the oldest rows, by id and on condition that they are still old. Only rows that are gone by now count: where
 * the server does not tell which those are, they are locked first, and what another one is deleting is left to it.
 */
async function prunePage<Session extends object>(
  { build, rows }: SqlSession,
  { dialect, names }: ServiceContext<Session>,
  { maxAgeDays, config }: Pick<Parameters<Journal['prune']>[0], 'maxAgeDays' | 'config'>,
  limit: number,
): Promise<number> {
  const { own, words } = dialect;
  const { returnsChanged } = words;
  const table = own.quoted(names.history);
  const horizon = own.after(build, -maxAgeDays * DAY_SECONDS);
  const id = build.raw(`${own.text('id')} as id`);
  const old: Knex.QueryBuilder = build
    .select(id)
    .from(build.raw(table))
    .whereRaw('started_at < ?', [horizon])
    .orderByRaw('started_at, id')
    .limit(limit);
  if (config !== undefined) old.whereRaw('config = ?', [config]);
  const ids = (await rows<IdRow>(returnsChanged ? old : old.forUpdate().skipLocked())).map((row) => row.id);
  if (ids.length === 0) return 0;
  const query = build(build.raw(table))
    .whereRaw('started_at < ?', [horizon])
    .whereRaw(`id in (${ids.map(() => '?').join(', ')})`, ids);
  if (returnsChanged) return (await rows<IdRow>(query.delete(returned([id])))).length;
  await rows(query.delete());
  return ids.length;
}

interface IdRow {
  readonly id: string;
}
