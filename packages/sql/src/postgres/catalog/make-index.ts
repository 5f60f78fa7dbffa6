import { setTimeout as delay } from 'node:timers/promises';
import { JobsweepError, throwIfAborted } from '@jobsweep/core';
import type { NamedIndex } from '../../catalog.js';
import type { RawRow } from '../../driver/selected.js';
import { joined, sql, verbatim } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';

/** How often to look whether somebody else is done with the same index. */
const LOOK_MS = 200;
const BOUNDS = ['statement_timeout', 'lock_timeout'] as const;

/**
 * See `ServerCatalog.makeIndex`. PostgreSQL waits for every transaction that began before, however long that takes, and leaves
 * an invalid index behind when it is stopped: nothing uses it, every write keeps it up, and IF NOT EXISTS takes it for done.
 */
export async function makeIndex(
  session: SqlSession,
  index: NamedIndex,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { run } = session;
  const before = await settings(session);
  await set(session, Object.fromEntries(BOUNDS.map((bound) => [bound, '0'])));
  let hasTurn = false;
  try {
    await takeTurn(session, index, signal);
    hasTurn = true;
    const left = await stateOf(session, index);
    if (left?.valid === 'false') await run(verbatim(left.dropping ?? ''));
    await run(verbatim(index.statement));
    if ((await stateOf(session, index))?.valid !== 'true') throw notMade(index);
  } finally {
    if (hasTurn) await run(sql`select pg_advisory_unlock(hashtext(${index.table}), hashtext(${index.name}))`);
    await set(session, before);
  }
}

/** Lets those who make the same index do it one after the other: what is not valid yet could be another one's work. */
async function takeTurn(
  { run }: SqlSession,
  { name, table }: NamedIndex,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    throwIfAborted(signal);
    const [row] = await run(sql`select pg_try_advisory_lock(hashtext(${table}), hashtext(${name}))::text as got`);
    if (row?.got === 'true') return;
    // Asking again and again rather than waiting in the server: the other one would wait for this transaction in turn.
    await delay(LOOK_MS, undefined, signal && { signal }).catch(() => undefined);
  }
}

async function stateOf({ run }: SqlSession, { name, table }: NamedIndex) {
  const [state] = await run(sql`
    select x.indisvalid::text as valid, format('DROP INDEX CONCURRENTLY %s', i.oid::regclass) as dropping
    from pg_index as x join pg_class as i on i.oid = x.indexrelid
    where i.relname = ${name} and x.indrelid = to_regclass(${table})`);
  return state;
}

async function settings({ run }: SqlSession): Promise<RawRow> {
  const found = BOUNDS.map((bound) => sql`current_setting(${bound}) as ${verbatim(bound)}`);
  return (await run(sql`select ${joined(found, ', ')}`))[0] ?? {};
}

async function set({ run }: SqlSession, values: RawRow): Promise<void> {
  const set = Object.entries(values).map(([name, value]) => sql`set_config(${name}, ${value}, false)`);
  await run(sql`select ${joined(set, ', ')}`);
}

function notMade({ name, table }: NamedIndex): JobsweepError {
  const message = `There is no valid index ${name} on ${table} after it was made. Look for another one of that name.`;
  return new JobsweepError('DATABASE_ERROR', message);
}
