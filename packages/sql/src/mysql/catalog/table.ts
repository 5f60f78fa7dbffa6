import { type ColumnFacts, type IndexFacts, insteadOf, type TableFacts } from '@jobsweep/core';
import type { Ask, TableName } from '../../catalog.js';
import type { RawRow } from '../../driver/selected.js';
import { quoted, quotedName } from '../../driver/source.js';
import { type Sql, sql, verbatim } from '../../driver/sql.js';
import type { ServerKind } from '../bounds.js';
import { mysqlWords } from '../words.js';

/** Columns of these types are indexed by their beginning only. */
const LONG_TYPES = ['text', 'tinytext', 'mediumtext', 'longtext', 'blob', 'tinyblob', 'mediumblob', 'longblob'];
/** Longer than any name of a state. */
const BEGINNING = 64;

/** How many characters of a column an index has; `null`: all of it. */
export const indexedCharacters = (type: string | undefined): number | null =>
  LONG_TYPES.includes(type ?? '') ? BEGINNING : null;

/** See `Catalog.table`. */
export async function tableFacts(
  ask: Ask,
  kindNow: () => ServerKind,
  table: TableName,
  named: readonly string[],
): Promise<TableFacts | undefined> {
  const [rows, parts] = await ask(async ({ run }) => {
    const columns = await run(columnsOf(table));
    return [columns, columns.length === 0 ? [] : await run(indexesOf(table, kindNow()))];
  });
  const [first] = rows;
  const name = quotedName(mysqlWords, table);
  if (first === undefined) {
    await isThere(ask, sql`select 1 from ${verbatim(name)} where 1 = 0`);
    return undefined;
  }
  const columns = new Map(rows.map((row) => [row.cname ?? '', columnFacts(row)]));
  // What the user has no privilege on is not shown, and yet there.
  for (const column of new Set(named.filter((each) => !columns.has(each)))) {
    const probe = sql`select ${verbatim(quoted(mysqlWords, column))} from ${verbatim(name)} where 1 = 0`;
    const isHidden = await isThere(ask, probe).catch(insteadOf('PERMISSION_DENIED', true));
    if (isHidden) columns.set(column, { type: 'hidden', isGenerated: false });
  }
  const isView = first.ttype?.includes('VIEW') === true;
  const { engine = null, transactions } = first;
  return {
    ...{ name, isView, columns, indexes: indexFacts(parts, columns) },
    unwritable: isView && first.updatable !== 'YES' ? 'read-only view' : undefined,
    unsafeEngine: engine !== null && transactions !== 'YES' ? engine : undefined,
  };
}

const columnsOf = ({ schema, name }: TableName): Sql => sql`
  select c.column_name as cname, c.data_type as dtype, convert(c.column_type using utf8mb4) as ctype,
    lower(c.extra) as extra, c.collation_name as collation, t.table_type as ttype, v.is_updatable as updatable, t.engine as engine, e.transactions as transactions
  from information_schema.columns as c
  join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name
  left join information_schema.engines as e on e.engine = t.engine
  left join information_schema.views as v on v.table_schema = c.table_schema and v.table_name = c.table_name
  where c.table_schema = coalesce(${schema ?? null}, database()) and c.table_name = ${name} order by c.ordinal_position`;

/** Both servers can hide an index from the planner, by different names, of which the other one knows nothing. */
const indexesOf = ({ schema, name }: TableName, kind: ServerKind): Sql => sql`
  select index_name as iname, column_name as cname, sub_part as part, collation as direction, index_type as itype,
    non_unique as repeats, ${verbatim(kind === 'MariaDB' ? "ignored = 'YES'" : "is_visible = 'NO'")} as hidden
  from information_schema.statistics
  where table_schema = coalesce(${schema ?? null}, database()) and table_name = ${name} order by index_name, seq_in_index`;

function columnFacts({ dtype, ctype, extra, collation = null }: RawRow): ColumnFacts {
  const members = [...(ctype ?? '').matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"));
  return {
    type: dtype ?? '',
    members: dtype === 'enum' ? members : undefined,
    equates: collation === null || collation.endsWith('_bin') ? undefined : collation,
    // A default that is an expression is DEFAULT_GENERATED, and no value of other columns.
    isGenerated: /\b(virtual|stored|persistent) generated\b/.test(extra ?? ''),
  };
}

/** With the columns of the primary key, which every index of InnoDB ends with. */
function indexFacts(parts: readonly RawRow[], columns: ReadonlyMap<string, ColumnFacts>): IndexFacts[] {
  const names = [...new Set(parts.map(({ iname }) => iname ?? ''))];
  const inOrder = (index: string) =>
    parts.flatMap((part) => {
      if (part.iname !== index || part.itype !== 'BTREE' || Number(part.hidden) === 1) return [];
      const { cname = null } = part;
      const isWhole =
        part.part === null || Number(part.part) >= (indexedCharacters(columns.get(cname ?? '')?.type) ?? Infinity);
      return [isWhole && part.direction === 'A' ? cname : null];
    });
  const key = inOrder('PRIMARY');
  return names.map((name) => {
    const own = inOrder(name);
    const of = parts.filter(({ iname }) => iname === name);
    const unique = of.map(({ cname = null }) => cname).filter((column) => column !== null);
    // A part that is an expression has no name.
    const isUnique = of.every(({ repeats, cname }) => Number(repeats) === 0 && cname !== null);
    const all = own.length === 0 ? [] : [...own, ...key.filter((column) => !own.includes(column))];
    return { name, columns: all, unique: isUnique ? unique : undefined };
  });
}

/** Whether there is what no catalog shows. Rejects with `PERMISSION_DENIED` where this user may not know. */
const isThere = (ask: Ask, probe: Sql): Promise<boolean> =>
  ask(({ run }) => run(probe)).then(() => true, insteadOf('SCHEMA_MISMATCH', false));
