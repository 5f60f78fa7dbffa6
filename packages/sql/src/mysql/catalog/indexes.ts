import type { IndexFacts, NamedIndex, WantedIndex } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';
import { serverKind } from '../bounds.js';
import { quoted, quotedTable } from './names.js';

/** Columns of these types are indexed by their beginning only. */
const LONG_TYPES = ['text', 'tinytext', 'mediumtext', 'longtext', 'blob', 'tinyblob', 'mediumblob', 'longblob'];
/** Longer than any name of a state. */
const BEGINNING = 64;

interface IndexRow {
  readonly iname: string;
  readonly cname: string | null;
  readonly part: number | string | null;
  readonly direction: string | null;
  readonly itype: string;
  readonly hidden: string;
}

/** See `Catalog.index`. There are no partial indexes: the state comes first. */
export async function indexFacts(session: SqlSession, wanted: WantedIndex): Promise<IndexFacts> {
  const { name, table, only, order } = wanted;
  const columns = only === null ? [...order] : [only.column, ...order];
  const existing = await indexesOf(session, table);
  const long = await longColumns(session, table);
  const parts = columns.map((column) => (long.has(column) ? `${quoted(column)}(${BEGINNING})` : quoted(column)));
  const serves = (names: readonly (string | null)[]) => columns.every((column, place) => names[place] === column);
  const named = quotedTable(table);
  const served = [...existing].find(([, names]) => serves(names));
  return {
    table: named,
    columns,
    statement: `ALTER TABLE ${named} ADD INDEX ${quoted(name)} (${parts.join(', ')}), ALGORITHM=INPLACE, LOCK=NONE`,
    servedBy: served?.[0] ?? null,
    isTaken: existing.has(name) && served?.[0] !== name,
  };
}

/** See `Catalog.orders`. */
export async function indexOrders(session: SqlSession, table: TableName) {
  const existing = [...(await indexesOf(session, table)).values()];
  return ({ only, order }: Pick<WantedIndex, 'only' | 'order'>): boolean => {
    const columns = only === null ? order : [only.column, ...order];
    return existing.some((names) => columns.every((column, place) => names[place] === column));
  };
}

/**
 * The columns of each index that can be used, with those of the primary key, which every index of InnoDB ends with. What
 * is an expression, sorted downwards, or no more than the beginning of a short column, has no name here.
 */
async function indexesOf(session: SqlSession, table: TableName): Promise<Map<string, (string | null)[]>> {
  const { build, rows } = session;
  const long = await longColumns(session, table);
  const hidden = await hiddenColumn(session);
  const query = build
    .select(
      build.raw('index_name as iname, column_name as cname, sub_part as part, collation as direction'),
      build.raw(`index_type as itype, ${hidden} as hidden`),
    )
    .from(build.raw('information_schema.statistics'))
    .whereRaw('table_schema = coalesce(?, database()) and table_name = ?', [table.schema ?? null, table.table])
    .orderByRaw('index_name, seq_in_index');
  const columns = new Map<string, (string | null)[]>();
  for (const { iname, cname, part, direction, itype, hidden: isHidden } of await rows<IndexRow>(query)) {
    if (itype !== 'BTREE' || isHidden === 'YES') continue;
    const isWhole = part === null || (cname !== null && long.has(cname) && Number(part) >= BEGINNING);
    columns.set(iname, [...(columns.get(iname) ?? []), isWhole && direction === 'A' ? cname : null]);
  }
  const key = columns.get('PRIMARY') ?? [];
  for (const [name, names] of columns)
    if (name !== 'PRIMARY') names.push(...key.filter((each) => !names.includes(each)));
  return columns;
}

/** Both servers can hide an index from the planner, by different names, of which the other one knows nothing. */
async function hiddenColumn(session: SqlSession): Promise<string> {
  return (await serverKind(session)) === 'MariaDB' ? 'ignored' : "if(is_visible = 'YES', 'NO', 'YES')";
}

async function longColumns({ build, rows }: SqlSession, { schema, table }: TableName): Promise<ReadonlySet<string>> {
  const query = build
    .select(build.raw('column_name as cname, data_type as dtype'))
    .from(build.raw('information_schema.columns'))
    .whereRaw('table_schema = coalesce(?, database()) and table_name = ?', [schema ?? null, table]);
  const columns = await rows<{ cname: string; dtype: string }>(query);
  return new Set(columns.filter(({ dtype }) => LONG_TYPES.includes(dtype)).map(({ cname }) => cname));
}

const DUPLICATE_NAME = 1061;

/**
 * See `Catalog.makeIndex`. Writers go on while it is made, but for a moment at each end, in which it waits for those that
 * use the table, and all who come later wait for it: no longer than a lock may be waited for.
 */
export async function makeIndex(
  session: SqlSession,
  { statement }: NamedIndex,
  lockTimeoutSeconds: number,
): Promise<void> {
  const { build, rows } = session;
  const bound =
    (await serverKind(session)) === 'MariaDB'
      ? { lock_wait_timeout: Math.ceil(lockTimeoutSeconds), max_statement_time: 0 }
      : { lock_wait_timeout: Math.ceil(lockTimeoutSeconds) };
  const names = Object.keys(bound);
  const found = names.map((name) => build.raw(`@@session.${name} as ${name}`));
  const [before = {}] = await rows<Record<string, number | string>>(build.select(found));
  const set = (values: Readonly<Record<string, number | string>>) =>
    rows(
      build.raw(
        `set ${names.map((name) => `@@session.${name} = ?`).join(', ')}`,
        names.map((name) => Number(values[name])),
      ),
    );
  await set(bound);
  try {
    await rows(build.raw(statement));
  } catch (error) {
    // Somebody else made it meanwhile: its name says what it is.
    if ((error as { errno?: unknown }).errno !== DUPLICATE_NAME) throw error;
  } finally {
    await set(before);
  }
}
