import { UNRELEASED } from '../words.js';

/** A statement, and the rows that it gives, without names. */
export type Rows = (text: string, ...values: readonly unknown[]) => Promise<string[][]>;

/** A time to the microsecond, which `pg` would cut. */
export const us = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint`;
export const at = (micros: string) => `'epoch'::timestamptz + ${micros} * interval '1 microsecond'`;

export const released = (rows: Rows, ids: readonly unknown[]) =>
  rows(
    `update resource_allocations set status = 'RELEASED', released_time = now()
     where id = any($1::bigint[]) and status in ${UNRELEASED}
     returning id, job_id, status, ${us('allocation_time')}, ${us('released_time')}`,
    ids,
  );

export const failed = (rows: Rows, ids: readonly unknown[], message: string, exitCode: string) =>
  rows(
    `update jobs set state = 'FAILED', end_time = now(), error_msg = $2, exit_code = $3
     where id = any($1::bigint[]) and state = 'RUNNING'
     returning id, state, ${us('start_time')}, ${us('end_time')}`,
    ids,
    message,
    exitCode,
  );
