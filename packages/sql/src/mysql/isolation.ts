import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Sql, sql } from '../driver/sql.js';
import type { SqlSession } from '../library.js';

/** The server shows its list of transactions as it was when nobody had looked for a tenth of a second. */
const LIST_AGE_MS = 110;
const MAX_PAUSE_MS = 1_000;
const PATIENCE_MS = 10_000;

/**
 * The isolation level of the open transaction. The session's own level says nothing of a transaction that was begun
 * with another one, so the list of transactions is asked, which takes the PROCESS privilege: `untold` without it, and
 * `unseen` where others keep the list as it was before this transaction.
 *
 * @param touch reads something of a table: a transaction that has not done so is in no list.
 */
export async function transactionIsolation({ run }: SqlSession, touch: Sql): Promise<string> {
  await run(touch);
  const until = performance.now() + PATIENCE_MS;
  for (let pauseMs = LIST_AGE_MS; performance.now() < until; pauseMs = Math.min(pauseMs * 1.5, MAX_PAUSE_MS)) {
    // Only a list that shows this very statement is as new as this transaction.
    const mark = randomUUID();
    const list = sql`select trx_isolation_level as isolation from information_schema.innodb_trx where trx_mysql_thread_id = connection_id() and trx_query like concat('%', ${mark}, '%')`;
    try {
      const [row] = await run(list);
      if (row !== undefined) return (row.isolation ?? '').toLowerCase();
    } catch (error) {
      const { errno } = error as { errno?: unknown };
      if (errno === ACCESS_DENIED) return 'untold';
      if (errno !== CANNOT_CONVERT) throw error;
    }
    // Those who look at the same pace would keep the list from each other for ever.
    await delay(pauseMs * (1 + Math.random()));
  }
  return 'unseen';
}

const ACCESS_DENIED = 1227;
/** The list shows statements in letters of three bytes at most, and somebody's has others just now: an emoji, say. */
const CANNOT_CONVERT = 3854;

/**
 * The same on TiDB, which shows the level of the session alone. At READ COMMITTED each statement sees what was committed
 * when it began, by a timestamp of its own, which is told after it; at the other levels, and where transactions lock nothing
 * before their commit, two reads have the same one.
 */
export async function tidbIsolation({ run }: Pick<SqlSession, 'run'>, touch: Sql): Promise<string> {
  const readAt = async () => {
    await run(touch);
    const [row] = await run(sql`select @@tidb_last_query_info as info`);
    return BigInt(/"for_update_ts":(\d+)/.exec(row?.info ?? '')?.[1] ?? 0);
  };
  const first = await readAt();
  return (await readAt()) > first ? 'read committed' : 'repeatable read';
}
