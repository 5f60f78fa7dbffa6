import { checkPassEntry, type PassEntry } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';
import type { SqlSession } from '../library.js';
import { checkName } from './check-claim.js';
import { valuesOf } from './history-row.js';
import type { OwnTable } from './names.js';

/**
 * Adds a pass to the history, in the transaction of whatever ended it.
 *
 * @param startedAt when it began, where that is known better than by its duration up to now.
 */
export async function keepEntry(
  { build, rows }: SqlSession,
  { own }: Dialect,
  history: OwnTable,
  entry: PassEntry,
  startedAt: Knex.Raw = own.after(build, -entry.durationMs / 1000),
): Promise<void> {
  const values = { ...valuesOf(entry), started_at: startedAt };
  const marks = Object.keys(values).map(() => '?');
  await rows(
    build.raw(
      `insert into ${own.quoted(history)} (${Object.keys(values).join(', ')}) values (${marks.join(', ')})`,
      Object.values(values) as Parameters<typeof build.raw>[1],
    ),
  );
}

/** Throws `INVALID_OPTION` for a pass that its table cannot hold. */
export function checkEntry(entry: PassEntry): void {
  checkPassEntry(entry);
  checkName('strategy', entry.strategy);
}
