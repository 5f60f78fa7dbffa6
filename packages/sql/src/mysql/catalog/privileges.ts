import { insteadOf } from '@jobsweep/core';
import type { Ask, MissingRight, Right } from '../../catalog.js';
import { literal, quoted, quotedName } from '../../driver/source.js';
import { verbatim } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';
import { mysqlWords } from '../words.js';
import { ownSchema } from './foreign-keys.js';

/**
 * See `ServerCatalog.missing`. The server itself is asked, by statements that find no row or are only explained, for which it
 * checks the same privileges: so what roles and patterns give counts as well.
 */
export async function missing(ask: Ask, rights: readonly Right[]): Promise<MissingRight[]> {
  const found: MissingRight[] = [];
  for (const right of rights) {
    const { privilege, table, columns, isForLocks } = right;
    if (await isAllowed(ask, probe(right, columns))) continue;
    const denied: string[] = [];
    for (const column of columns ?? []) {
      if (isForLocks === true || !(await isAllowed(ask, probe(right, [column])))) denied.push(column);
    }
    found.push({ privilege, on: quotedName(mysqlWords, table), table, columns: columns === null ? null : denied });
  }
  return found;
}

function probe({ privilege, table, isForLocks }: Right, columns: readonly string[] | null): string {
  const named = quotedName(mysqlWords, table);
  if (isForLocks === true) return `select 1 from ${named} where 1 = 0 for update`;
  switch (privilege) {
    case 'SELECT':
      return `select ${columns?.map(column).join(', ') ?? '*'} from ${named} where 1 = 0`;
    case 'UPDATE':
      // Of a column without a default MariaDB refuses DEFAULT; NULL is refused with a row, and there is none.
      return `explain update ${named} set ${columns?.map((each) => `${column(each)} = null`).join(', ')} where 1 = 0`;
    case 'INSERT':
      return `explain insert into ${named} () values ()`;
    case 'DELETE':
      return `explain delete from ${named} where 1 = 0`;
  }
}

/** Nothing is written, but in a read-only transaction the servers do not even explain a write. */
const isAllowed = (ask: Ask, statement: string): Promise<boolean> =>
  ask(({ run }) => run(verbatim(statement)), { readOnly: false }).then(
    () => true,
    insteadOf('PERMISSION_DENIED', false),
  );

/** See `ServerCatalog.grants`. */
export async function grants(session: SqlSession, user: string, rights: readonly Right[]): Promise<string[]> {
  const own = await ownSchema(session.run);
  const at = user.lastIndexOf('@');
  const [name, host] = at > 0 ? [user.slice(0, at), user.slice(at + 1)] : [user, '%'];
  return rights.map(({ privilege, table, columns }) => {
    const named = columns === null ? '' : ` (${columns.map(column).join(', ')})`;
    const on = quotedName(mysqlWords, { schema: table.schema ?? own, name: table.name });
    return `GRANT ${privilege}${named} ON ${on} TO ${literal(name)}@${literal(host)}`;
  });
}

const column = (name: string): string => quoted(mysqlWords, name);
