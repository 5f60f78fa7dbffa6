import type { Ask, MissingNeed, Need } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';
import { type FoundTable, findTable, quotedNames, quotedTable } from './names.js';

/** See `Catalog.missing`. */
export async function missing(ask: Ask, needs: readonly Need[]): Promise<MissingNeed[]> {
  const found: MissingNeed[] = [];
  const looked = new Set<string>();
  for (const need of needs) {
    found.push(
      ...(await ask(async (session) => {
        const table = await findTable(session, need.table);
        const schema = await missingUsage(session, need.table, table, looked);
        return table === undefined ? schema : [...schema, ...(await missingOf(session, need, table))];
      })),
    );
  }
  return found;
}

/** Whether the user may look into the schema of a table at all. Tells of each schema once. */
async function missingUsage(
  { build, rows }: SqlSession,
  name: TableName,
  table: FoundTable | undefined,
  looked: Set<string>,
): Promise<MissingNeed[]> {
  const schema = table?.schema ?? name.schema ?? '';
  if (looked.has(schema)) return [];
  looked.add(schema);
  const on = schema === '' ? `the schema of table ${name.table}` : `schema ${schema}`;
  if (table === undefined) return [{ privilege: 'USAGE', on, table: name, columns: null }];
  const has = build.raw("has_schema_privilege(?::oid, 'USAGE') as has", [table.schemaoid]);
  const [row] = await rows<{ has: boolean }>(build.select(has));
  return row?.has === true ? [] : [{ privilege: 'USAGE', on, table: name, columns: null }];
}

async function missingOf(session: SqlSession, need: Need, { oid }: FoundTable): Promise<MissingNeed[]> {
  const { build, rows } = session;
  const { privilege, table, columns, isForLocks } = need;
  const on = await quotedTable(session, table);
  const whole = isForLocks === true ? 'has_any_column_privilege' : 'has_table_privilege';
  const asked =
    columns === null || isForLocks === true
      ? [build.raw(`${whole}(?::oid, ?) as p0`, [oid, privilege])]
      : columns.map((column, index) =>
          build.raw(`has_column_privilege(?::oid, ?, ?) as p${index}`, [oid, column, privilege]),
        );
  const [row] = await rows<Record<string, boolean>>(build.select(asked));
  const lacks = asked.map((_each, index) => row?.[`p${index}`] !== true);
  if (!lacks.includes(true)) return [];
  return [{ privilege, on, table, columns: columns?.filter((_column, index) => lacks[index]) ?? null }];
}

/** See `Catalog.grants`. */
export async function grants(session: SqlSession, user: string, needs: readonly Need[]): Promise<string[]> {
  const [role = user] = await quotedNames(session, [user]);
  const schemas = new Map<string, string>();
  const statements: string[] = [];
  for (const { privilege, table, columns } of needs) {
    const schema = table.schema ?? (await findTable(session, table))?.schema;
    if (schema !== undefined) schemas.set(schema, (await quotedNames(session, [schema]))[0] ?? schema);
    const named = columns === null ? '' : ` (${(await quotedNames(session, columns)).join(', ')})`;
    statements.push(`GRANT ${privilege}${named} ON ${await quotedTable(session, { ...table, schema })} TO ${role}`);
  }
  return [...[...schemas.values()].map((schema) => `GRANT USAGE ON SCHEMA ${schema} TO ${role}`), ...statements];
}
