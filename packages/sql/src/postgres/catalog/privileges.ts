import type { Ask, MissingRight, Right, TableName } from '../../catalog.js';
import { joined, sql, verbatim } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';
import { type FoundTable, findTable, quotedNames, quotedTable } from './names.js';

/** See `ServerCatalog.missing`. */
export function missing(ask: Ask, rights: readonly Right[]): Promise<MissingRight[]> {
  return ask(async (session) => {
    const found: MissingRight[] = [];
    const looked = new Set<string>();
    for (const right of rights) {
      const table = await findTable(session, right.table);
      found.push(...(await missingUsage(session, right.table, table, looked)));
      if (table !== undefined) found.push(...(await missingOf(session, right, table)));
    }
    return found;
  });
}

/** Whether the user may look into the schema of a table at all. Tells of each schema once. */
async function missingUsage(
  { run }: SqlSession,
  table: TableName,
  found: FoundTable | undefined,
  looked: Set<string>,
): Promise<MissingRight[]> {
  const schema = found?.schema ?? table.schema ?? '';
  if (looked.has(schema)) return [];
  looked.add(schema);
  if (found !== undefined) {
    const [row] = await run(sql`select has_schema_privilege(${found.schemaOid}::oid, 'USAGE')::text as has`);
    if (row?.has === 'true') return [];
  }
  const on = schema === '' ? `the schema of table ${table.name}` : `schema ${schema}`;
  return [{ privilege: 'USAGE', on, table, columns: null }];
}

async function missingOf(session: SqlSession, right: Right, { oid }: FoundTable): Promise<MissingRight[]> {
  const { privilege, table, columns, isForLocks } = right;
  const whole = verbatim(isForLocks === true ? 'has_any_column_privilege' : 'has_table_privilege');
  const asked =
    columns === null || isForLocks === true
      ? [sql`${whole}(${oid}::oid, ${privilege})`]
      : columns.map((column) => sql`has_column_privilege(${oid}::oid, ${column}, ${privilege})`);
  const named = asked.map((each, index) => sql`${each}::text as ${verbatim(`p${index}`)}`);
  const [row] = await session.run(sql`select ${joined(named, ', ')}`);
  const lacks = asked.map((_each, index) => row?.[`p${index}`] !== 'true');
  if (!lacks.includes(true)) return [];
  const on = await quotedTable(session, table);
  return [{ privilege, on, table, columns: columns?.filter((_column, index) => lacks[index]) ?? null }];
}

/** See `ServerCatalog.grants`. */
export async function grants(session: SqlSession, user: string, rights: readonly Right[]): Promise<string[]> {
  const [role = user] = await quotedNames(session, [user]);
  const schemas = new Map<string, string>();
  const statements: string[] = [];
  for (const { privilege, table, columns } of rights) {
    const schema = table.schema ?? (await findTable(session, table))?.schema;
    if (schema !== undefined) schemas.set(schema, (await quotedNames(session, [schema]))[0] ?? schema);
    const named = columns === null ? '' : ` (${(await quotedNames(session, columns)).join(', ')})`;
    statements.push(`GRANT ${privilege}${named} ON ${await quotedTable(session, { ...table, schema })} TO ${role}`);
  }
  return [...[...schemas.values()].map((schema) => `GRANT USAGE ON SCHEMA ${schema} TO ${role}`), ...statements];
}
