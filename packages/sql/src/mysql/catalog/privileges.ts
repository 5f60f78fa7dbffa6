import { isJobsweepError } from '@jobsweep/core';
import type { Ask, MissingNeed, Need } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import { literal, ownSchema, quoted, quotedTable } from './names.js';

/**
 * See `Catalog.missing`. The server itself is asked, by statements that find no row or are only explained, for which it
 * checks the same privileges: so what roles and patterns give counts as well.
 */
export async function missing(ask: Ask, needs: readonly Need[]): Promise<MissingNeed[]> {
  const found: MissingNeed[] = [];
  for (const need of needs) {
    if (await isAllowed(ask, probe(need, need.columns))) continue;
    const { privilege, table, columns, isForLocks } = need;
    const denied: string[] = [];
    for (const column of columns ?? []) {
      if (isForLocks === true || !(await isAllowed(ask, probe(need, [column])))) denied.push(column);
    }
    found.push({ privilege, on: quotedTable(table), table, columns: columns === null ? null : denied });
  }
  return found;
}

function probe({ privilege, table, isForLocks }: Need, columns: readonly string[] | null): string {
  const named = quotedTable(table);
  if (isForLocks === true) return `select 1 from ${named} where 1 = 0 for update`;
  switch (privilege) {
    case 'SELECT':
      return `select ${columns?.map(quoted).join(', ') ?? '*'} from ${named} where 1 = 0`;
    case 'UPDATE':
      // Of a column without a default MariaDB refuses DEFAULT; NULL is refused with a row, and there is none.
      return `explain update ${named} set ${columns?.map((column) => `${quoted(column)} = null`).join(', ')} where 1 = 0`;
    case 'INSERT':
      return `explain insert into ${named} () values ()`;
    case 'DELETE':
      return `explain delete from ${named} where 1 = 0`;
  }
}

async function isAllowed(ask: Ask, statement: string): Promise<boolean> {
  try {
    // Nothing is written, but in a read-only transaction the servers do not even explain a write.
    await ask(({ build, rows }) => rows(build.raw(statement)), { readOnly: false });
    return true;
  } catch (error) {
    if (isJobsweepError(error, 'PERMISSION_DENIED')) return false;
    throw error;
  }
}

/** See `Catalog.grants`. */
export async function grants(session: SqlSession, user: string, needs: readonly Need[]): Promise<string[]> {
  const own = await ownSchema(session);
  const at = user.lastIndexOf('@');
  const [name, host] = at > 0 ? [user.slice(0, at), user.slice(at + 1)] : [user, '%'];
  return needs.map(({ privilege, table, columns }) => {
    const named = columns === null ? '' : ` (${columns.map(quoted).join(', ')})`;
    const on = quotedTable({ schema: table.schema ?? own, table: table.table });
    return `GRANT ${privilege}${named} ON ${on} TO ${literal(name)}@${literal(host)}`;
  });
}
