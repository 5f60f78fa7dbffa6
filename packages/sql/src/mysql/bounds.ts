import { JobsweepError } from '@jobsweep/core';
import type { BoundsOfTransaction, BoundTransaction, Looks, StatementBounds } from '../dialect.js';
import { joined, type Sql, sql, verbatim } from '../driver/sql.js';
import type { SqlControl, SqlSession } from '../library.js';
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
 * Begins a transaction whose statements are bounded by session variables, and notes what those were. MariaDB ends every
 * statement by itself; MySQL and TiDB only those that read, so the others have a deadline here, after which they are killed.
 * Throws `ENGINE_UNSUPPORTED` where TiDB would lock nothing before the commit.
 */
export async function beginTransaction(
  control: SqlControl,
  kind: ServerKind,
  bounds: BoundsOfTransaction,
): Promise<BoundTransaction> {
  const { statementTimeoutSeconds, lockTimeoutSeconds, idleTimeoutSeconds, readOnly } = bounds;
  const wanted: Record<string, string | number> = {
    innodb_lock_wait_timeout: Math.ceil(lockTimeoutSeconds),
    wait_timeout: Math.ceil(idleTimeoutSeconds),
    time_zone: '+00:00',
    ...(kind === 'MariaDB'
      ? { max_statement_time: statementTimeoutSeconds }
      : { max_execution_time: millis(statementTimeoutSeconds) }),
  };
  const mode = kind === 'TiDB' ? ['tidb_txn_mode'] : [];
  const { found: all, serverId, now } = await variables(control, [...Object.keys(wanted), ...mode]);
  const { tidb_txn_mode: locks = PESSIMISTIC, ...found } = all;
  if (locks !== PESSIMISTIC) throw optimistic();
  if (kind === 'TiDB') await control.run(verbatim('set transaction isolation level read committed'));
  // Without a scope it is the level of the next transaction alone.
  const level = verbatim(`@@${ISOLATION[kind]} = 'READ-COMMITTED'`);
  await setVariables(control, wanted, kind === 'TiDB' ? [] : [level]);
  await control.run(verbatim(readOnly && kind !== 'TiDB' ? 'start transaction read only' : 'start transaction'));
  return {
    now,
    restore: () => setVariables(control, found),
    serverId,
    ...(kind !== 'MariaDB' && { statementTimeoutMs: statementTimeoutSeconds * 1000 }),
  };
}

/**
 * Prepares for SELECTs by themselves, each of which the server bounds as it is told in the statement. Not where they would
 * begin a transaction, or read what nobody has committed.
 */
export async function looksOf(
  control: SqlControl,
  kind: ServerKind,
  { statementTimeoutSeconds: seconds }: StatementBounds,
): Promise<Looks> {
  const { found, serverId, now } = await variables(control, ['autocommit', ISOLATION[kind]]);
  if (Number(found.autocommit) !== 1 || found[ISOLATION[kind]] === 'READ-UNCOMMITTED') return { now, serverId };
  const hint = `/*+ max_execution_time(${millis(seconds)}) */`;
  const bounded = ({ parts: [first = '', ...rest], values }: Sql): Sql => ({
    parts: [
      kind === 'MariaDB'
        ? `set statement max_statement_time = ${seconds} for ${first}`
        : first.replace(/^select/, `select ${hint}`),
      ...rest,
    ],
    values,
  });
  return { now, serverId, read: (statement) => control.run(bounded(statement)) };
}

const ISOLATION = {
  MySQL: 'transaction_isolation',
  TiDB: 'transaction_isolation',
  // It has the other name since 11.1, and this one still.
  MariaDB: 'tx_isolation',
} as const satisfies Record<ServerKind, string>;

const PESSIMISTIC = 'pessimistic';

const millis = (seconds: number): number => Math.ceil(seconds * 1000);

function optimistic(): JobsweepError {
  const message =
    "TiDB's transactions are optimistic here: they lock nothing before their commit. Run SET GLOBAL tidb_txn_mode = " +
    "'pessimistic', and connect anew.";
  return new JobsweepError('ENGINE_UNSUPPORTED', message);
}

/** Variables of the session, what the server calls the connection, and the server's clock. */
async function variables({ run }: Pick<SqlSession, 'run'>, names: readonly string[]) {
  const values = names.map((name, index) => verbatim(`@@session.${name} as v${index}`));
  const id = sql`convert(connection_id() using utf8mb4) as id`;
  const [row = {}] = await run(sql`select ${joined(values, ', ')}, ${id}, ${mysqlWords.now} as now`);
  const found = Object.fromEntries(names.map((name, index) => [name, row[`v${index}`] ?? 0]));
  return { found, serverId: row.id ?? '', now: BigInt(row.now ?? 0) };
}

/** Sets variables of the session; `more`: assignments as they are. */
export async function setVariables(
  { run }: Pick<SqlSession, 'run'>,
  values: Readonly<Record<string, string | number | null>>,
  more: readonly Sql[] = [],
): Promise<void> {
  // Numbers that the driver was told to read as text are still numbers to the server.
  const assignments = Object.entries(values).map(
    ([name, value]) => sql`${verbatim(`@@session.${name}`)} = ${name === 'time_zone' ? value : Number(value)}`,
  );
  await run(sql`set ${joined([...assignments, ...more], ', ')}`);
}
