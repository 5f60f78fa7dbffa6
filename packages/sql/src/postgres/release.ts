import { JobsweepError } from '@jobsweep/core';
import { sql } from '../driver/sql.js';
import type { SqlSession } from '../library.js';

/** As `server_version_num` has it. */
const FIRST = 100_000;

/**
 * Throws `ENGINE_UNSUPPORTED` for a release that has not all that transactions and jobsweep's own tables need: SKIP LOCKED came
 * with 9.5, the time after which an idle transaction is ended with 9.6, identity columns with 10.
 */
export async function requireRelease({ run }: Pick<SqlSession, 'run'>): Promise<void> {
  const [row = {}] = await run(
    sql`select current_setting('server_version_num') as number, current_setting('server_version') as version`,
  );
  if (Number(row.number) >= FIRST) return;
  const message =
    `PostgreSQL ${row.version} lacks what jobsweep needs: before 9.5 there is no SKIP LOCKED, so that a pass would wait for the ` +
    'locks of workers. Use PostgreSQL 10 or later.';
  throw new JobsweepError('ENGINE_UNSUPPORTED', message);
}
