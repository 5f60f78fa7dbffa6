import type { Catalog } from '@jobsweep/core';
import type { NamedIndex } from '../../catalog.js';
import { quoted, quotedName } from '../../driver/source.js';
import { joined, sql, verbatim } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';
import { type ServerKind, setVariables } from '../bounds.js';
import { mysqlWords } from '../words.js';
import { indexedCharacters } from './table.js';

/** See `Catalog.indexStatement`. There are no partial indexes: the state comes first. */
export function indexStatement(...[{ name, columns }, table, facts]: Parameters<Catalog['indexStatement']>): string {
  const parts = columns.map((column) => {
    const characters = indexedCharacters(facts?.columns?.get(column)?.type);
    return `${quoted(mysqlWords, column)}${characters === null ? '' : `(${characters})`}`;
  });
  const added = `ADD INDEX ${quoted(mysqlWords, name)} (${parts.join(', ')})`;
  return `ALTER TABLE ${quotedName(mysqlWords, table)} ${added}, ALGORITHM=INPLACE, LOCK=NONE`;
}

const DUPLICATE_NAME = 1061;

/**
 * See `ServerCatalog.makeIndex`. Writers go on while it is made, but for a moment at each end, in which it waits for those
 * that use the table, and all who come later wait for it: no longer than a lock may be waited for.
 */
export async function makeIndex(
  session: SqlSession,
  kind: ServerKind,
  { statement }: NamedIndex,
  lockTimeoutSeconds: number,
): Promise<void> {
  const bound = {
    lock_wait_timeout: Math.ceil(lockTimeoutSeconds),
    ...(kind === 'MariaDB' && { max_statement_time: 0 }),
  };
  const found = Object.keys(bound).map((name) => verbatim(`@@session.${name} as ${name}`));
  const [before = {}] = await session.run(sql`select ${joined(found, ', ')}`);
  await setVariables(session, bound);
  try {
    await session.run(verbatim(statement));
  } catch (error) {
    // Somebody else made it meanwhile: its name says what it is.
    if ((error as { errno?: unknown }).errno !== DUPLICATE_NAME) throw error;
  } finally {
    await setVariables(session, before);
  }
}
