import type { Values } from '../steps.js';
import { UNRELEASED } from '../words.js';

export type Value = NonNullable<unknown> | null | undefined;

/** A statement, and what it gives: rows without names, or how many it changed. */
export interface Sql {
  readonly rows: (text: string, ...values: readonly Value[]) => Promise<Values[]>;
  readonly changes: (text: string, ...values: readonly Value[]) => Promise<number>;
}

/** `in ()` is no SQL. */
export const some = (values: readonly Value[]): Value => (values.length === 0 ? [null] : [...values]);

export async function released({ rows, changes }: Sql, ids: readonly Value[]): Promise<number> {
  const changed = await changes(
    `update resource_allocations set status = 'RELEASED', released_time = utc_timestamp(6)
     where id in (?) and status in ${UNRELEASED}`,
    some(ids),
  );
  if (changed !== ids.length) throw new Error('Some allocations were not released');
  await rows(
    'select id, job_id, status, allocation_time, released_time from resource_allocations where id in (?)',
    some(ids),
  );
  return changed;
}

export async function failed({ rows, changes }: Sql, ids: readonly Value[], message: string, exitCode: string) {
  const changed = await changes(
    `update jobs set state = 'FAILED', end_time = utc_timestamp(6), error_msg = ?, exit_code = ?
     where id in (?) and state = 'RUNNING'`,
    message,
    exitCode,
    some(ids),
  );
  if (changed !== ids.length) throw new Error('Some jobs did not fail');
  await rows('select id, state, start_time, end_time from jobs where id in (?)', some(ids));
  return changed;
}
