import { JobsweepError } from '@jobsweep/core';
import type { BoundTransaction, StatementBounds } from '../dialect.js';
import { joined, sql, verbatim } from '../driver/sql.js';
import type { SqlSession } from '../library.js';
import { mysqlWords } from './words.js';

export type ServerKind = 'MySQL' | 'MariaDB' | 'TiDB';

export async function serverVersion({ run }: Pick<SqlSession, 'run'>): Promise<string> {
  const [row] = await run(sql`select version() as version`);
  return row?.version ?? '';
}

/** Whose a version is. */
export function kindOf(version: string): ServerKind {
  if (/-tidb-/i.test(version)) return 'TiDB';
  return /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
}

/** The first release of each that can leave out locked rows; TiDB takes the words and locks nothing, and is asked in others. */
const FIRST_RELEASE: Readonly<Record<ServerKind, readonly number[]>> = {
  MySQL: [8, 0, 1],
  MariaDB: [10, 6, 0],
  TiDB: [0],
};

/** Throws `ENGINE_UNSUPPORTED` for a release without SKIP LOCKED. */
export function requireSkipLocked(version: string): ServerKind {
  const kind = kindOf(version);
  // Old clients take MariaDB for a replica of an old MySQL, so some connections see its number behind another one.
  const [, ...parts] = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const first = FIRST_RELEASE[kind];
  const place = first.findIndex((part, index) => Number(parts[index]) !== part);
  if (parts.length === 0 || place < 0 || Number(parts[place]) > (first[place] ?? 0)) return kind;
  throw new JobsweepError(
    'ENGINE_UNSUPPORTED',
    `${kind} ${version} has no SKIP LOCKED, so a pass would wait for the locks of workers. Use ${kind} ${first.join('.')} or later.`,
  );
}

/**
 * Bounds the statements of a transaction by session variables, and notes what they were. MariaDB ends every statement
 * by itself; MySQL and TiDB only those that read, so the others have a deadline here, after which they are killed.
 * Throws `ENGINE_UNSUPPORTED` in a transaction of TiDB that locks nothing before its commit.
 */
export async function boundTransaction(
  session: SqlSession,
  kind: ServerKind,
  bounds: StatementBounds,
): Promise<BoundTransaction> {
  const { statementTimeoutSeconds, lockTimeoutSeconds, idleTimeoutSeconds } = bounds;
  const wanted: Record<string, string | number> = {
    innodb_lock_wait_timeout: Math.ceil(lockTimeoutSeconds),
    wait_timeout: Math.ceil(idleTimeoutSeconds),
    time_zone: '+00:00',
    ...(kind === 'MariaDB'
      ? { max_statement_time: statementTimeoutSeconds }
      : { max_execution_time: Math.ceil(statementTimeoutSeconds * 1000) }),
  };
  const mode = kind === 'TiDB' ? ['tidb_txn_mode'] : [];
  const { found: all, serverId, now } = await variables(session, [...Object.keys(wanted), ...mode]);
  const { tidb_txn_mode: locks = PESSIMISTIC, ...found } = all;
  if (locks !== PESSIMISTIC) throw optimistic();
  await setVariables(session, wanted);
  return {
    now,
    restore: () => setVariables(session, found),
    serverId,
    ...(kind !== 'MariaDB' && { statementTimeoutMs: statementTimeoutSeconds * 1000 }),
  };
}

const PESSIMISTIC = 'pessimistic';

function optimistic(): JobsweepError {
  const message =
    "TiDB's transactions are optimistic here: they lock nothing before their commit. Run SET GLOBAL tidb_txn_mode = " +
    "'pessimistic', and connect anew.";
  return new JobsweepError('ENGINE_UNSUPPORTED', message);
}

/** Variables of the session, what the server calls the connection, and the server's clock. */
async function variables({ run }: SqlSession, names: readonly string[]) {
  const values = names.map((name, index) => verbatim(`@@session.${name} as v${index}`));
  const id = sql`convert(connection_id() using utf8mb4) as id`;
  const [row = {}] = await run(sql`select ${joined(values, ', ')}, ${id}, ${mysqlWords.now} as now`);
  const found = Object.fromEntries(names.map((name, index) => [name, row[`v${index}`] ?? 0]));
  return { found, serverId: row.id ?? '', now: BigInt(row.now ?? 0) };
}

/** Sets variables of the session. */
export async function setVariables(
  { run }: SqlSession,
  values: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  // Numbers that the driver was told to read as text are still numbers to the server.
  const assignments = Object.entries(values).map(
    ([name, value]) => sql`${verbatim(`@@session.${name}`)} = ${name === 'time_zone' ? value : Number(value)}`,
  );
  await run(sql`set ${joined(assignments, ', ')}`);
}
