import type { BoundTransaction, StatementBounds } from '../dialect.js';
import type { SqlSession } from '../library.js';

/** What the two servers call the longest time of a statement, in their own units. */
export type ServerKind = 'MySQL' | 'MariaDB';

export async function serverKind({ build, rows }: SqlSession): Promise<ServerKind> {
  const [row] = await rows<{ version: string }>(build.select(build.raw('version() as version')));
  return kindOf(row?.version ?? '');
}

/** Which of the two a version is of. */
export const kindOf = (version: string): ServerKind => (/mariadb/i.test(version) ? 'MariaDB' : 'MySQL');

/**
 * Bounds the statements of a transaction by session variables, and notes what they were. MariaDB ends every statement
 * by itself; MySQL only those that read, so the others have a deadline here, after which they are killed.
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
    ...(kind === 'MySQL'
      ? { max_execution_time: Math.ceil(statementTimeoutSeconds * 1000) }
      : { max_statement_time: statementTimeoutSeconds }),
  };
  const { connection_id: serverId, ...found } = await variables(session, Object.keys(wanted));
  await setVariables(session, wanted);
  return {
    restore: () => setVariables(session, found),
    serverId: String(serverId),
    ...(kind === 'MySQL' && { statementTimeoutMs: statementTimeoutSeconds * 1000 }),
  };
}

/** Variables of the session, and what the server calls the connection. */
async function variables(
  { build, rows }: SqlSession,
  names: readonly string[],
): Promise<Record<string, string | number>> {
  const values = names.map((name, index) => build.raw(`@@session.${name} as v${index}`));
  const id = build.raw('connection_id() as id');
  const [row] = await rows<Record<string, string | number>>(build.select([...values, id]));
  const found = names.map((name, index) => [name, row?.[`v${index}`] ?? 0]);
  return Object.fromEntries([...found, ['connection_id', row?.id ?? 0]]) as Record<string, string | number>;
}

async function setVariables({ build, rows }: SqlSession, values: Record<string, string | number>): Promise<void> {
  const assignments = Object.keys(values).map((name) => `@@session.${name} = ?`);
  // Numbers that the driver was told to read as text are still numbers to the server.
  const given = Object.entries(values).map(([name, value]) => (name === 'time_zone' ? value : Number(value)));
  await rows(build.raw(`set ${assignments.join(', ')}`, given));
}
