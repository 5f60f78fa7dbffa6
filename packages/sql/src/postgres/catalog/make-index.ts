import { setTimeout as delay } from 'node:timers/promises';
import { JobsweepError, throwIfAborted } from '@jobsweep/core';
import type { NamedIndex } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import { verbatim } from '../../rows/identifiers.js';

/** How often to look whether somebody else is done with the same index. */
const LOOK_MS = 200;
const BOUNDS = ['statement_timeout', 'lock_timeout'] as const;

/**
 * See `Catalog.makeIndex`. PostgreSQL waits for every transaction that began before, however long that takes, and leaves
 * an invalid index behind when it is stopped: nothing uses it, every write keeps it up, and IF NOT EXISTS takes it for done.
 */
export async function makeIndex(
  session: SqlSession,
  index: NamedIndex,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { build, rows } = session;
  const before = await settings(session);
  await set(session, Object.fromEntries(BOUNDS.map((bound) => [bound, '0'])));
  let hasTurn = false;
  try {
    await takeTurn(session, index, signal);
    hasTurn = true;
    const left = await stateOf(session, index);
    if (left?.valid === false) await rows(verbatim(build, left.dropping));
    await rows(verbatim(build, index.statement));
    if ((await stateOf(session, index))?.valid !== true) throw notMade(index);
  } finally {
    if (hasTurn)
      await rows(build.select(build.raw('pg_advisory_unlock(hashtext(?), hashtext(?))', [index.table, index.name])));
    await set(session, before);
  }
}

/** Lets those who make the same index do it one after the other: what is not valid yet could be another one's work. */
async function takeTurn(
  { build, rows }: SqlSession,
  { name, table }: NamedIndex,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    throwIfAborted(signal);
    const turn = build.raw('pg_try_advisory_lock(hashtext(?), hashtext(?)) as got', [table, name]);
    const [row] = await rows<{ got: boolean }>(build.select(turn));
    if (row?.got === true) return;
    // Asking again and again rather than waiting in the server: the other one would wait for this transaction in turn.
    await delay(LOOK_MS, undefined, signal && { signal }).catch(() => undefined);
  }
}

async function stateOf({ build, rows }: SqlSession, { name, table }: NamedIndex) {
  const state = build
    .select(build.raw("x.indisvalid as valid, format('DROP INDEX CONCURRENTLY %s', i.oid::regclass) as dropping"))
    .from(build.raw('pg_index as x join pg_class as i on i.oid = x.indexrelid'))
    .whereRaw('i.relname = ? and x.indrelid = to_regclass(?)', [name, table]);
  return (await rows<{ valid: boolean; dropping: string }>(state))[0];
}

async function settings({ build, rows }: SqlSession): Promise<Record<string, string>> {
  const found = BOUNDS.map((bound) => build.raw(`current_setting('${bound}') as ${bound}`));
  return (await rows<Record<string, string>>(build.select(found)))[0] ?? {};
}

async function set({ build, rows }: SqlSession, values: Readonly<Record<string, string>>): Promise<void> {
  await rows(
    build.select(Object.entries(values).map(([name, value]) => build.raw('set_config(?, ?, false)', [name, value]))),
  );
}

function notMade({ name, table }: NamedIndex): JobsweepError {
  const message = `There is no valid index ${name} on ${table} after it was made. Look for another one of that name.`;
  return new JobsweepError('DATABASE_ERROR', message);
}
