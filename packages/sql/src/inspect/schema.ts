import { isJobsweepError, type SchemaFinding, type TimeColumn } from '@jobsweep/core';
import type { ColumnKind } from '../dialect.js';
import type { SqlSession } from '../library.js';
import { type Tables, tableName } from '../rows/tables.js';
import type { Look } from './look.js';
import { idFinding } from './unique-ids.js';

/** A column that an option names, with what is written to it where that is a time or a text. */
interface MappedColumn {
  readonly path: string;
  /** What to set to put it right: the option that the path leads into comes first. */
  readonly option: string;
  readonly column: string;
  readonly kind?: ColumnKind;
}

/** Compares the mapping with the real tables by asking for the types of the mapped columns, which reads no row. */
export async function schemaFindings(tables: Tables, look: Look): Promise<SchemaFinding[]> {
  const { jobs, allocations } = tables.schema;
  const findings = await tableFindings('jobs', jobs, tables, look);
  if (allocations === null) return findings;
  return [...findings, ...(await tableFindings('allocations', allocations, tables, look))];
}

type TableKey = 'jobs' | 'allocations';

interface Table {
  readonly schema: string | undefined;
  readonly table: string;
  readonly columns: { readonly id: string } & Readonly<Record<string, string | TimeColumn | null>>;
}

async function tableFindings(name: TableKey, table: Table, tables: Tables, look: Look): Promise<SchemaFinding[]> {
  const typesOf = (of: readonly MappedColumn[]) =>
    unlessMissing(look((session) => columnTypes(session, tables, table, of)));
  const columns = [...mappedColumns(name, table), ...filterColumns(name, tables), ...touchedColumns(name, tables)];
  const types = await typesOf(columns);
  if (types !== undefined) {
    const found = columns.flatMap((column, index) => typeFinding(column, types[index], tables));
    return [...found, ...(await idFindings(name, table, tables, look))];
  }

  if ((await typesOf([])) === undefined) {
    const fix = `Set schema.${name}.table (and schema.${name}.schema), or create it`;
    return [{ path: `${name}.table`, problem: `There is no table "${table.table}"`, fix }];
  }
  const findings: SchemaFinding[] = [];
  for (const column of columns) {
    const own = await typesOf([column]);
    if (own === undefined) {
      const problem = `Table "${table.table}" has no column "${column.column}"`;
      findings.push({ path: column.path, problem, fix: `Set ${column.option} to the name of the column` });
    } else {
      findings.push(...typeFinding(column, own[0], tables));
    }
  }
  return findings;
}

async function idFindings(name: TableKey, table: Table, { dialect, filters }: Tables, look: Look) {
  const keys = await look((session) => dialect.uniqueKeys(session, table));
  const id = { path: `${name}.columns.id`, table: table.table, column: table.columns.id };
  return idFinding(id, keys, name === 'jobs' ? filters.scope : []);
}

/** Columns that jobsweep writes texts to. */
const TEXTS = ['errorMsg', 'exitCode'];

function mappedColumns(name: string, table: Table): MappedColumn[] {
  return Object.entries(table.columns).flatMap(([key, column]): MappedColumn[] => {
    const path = `${name}.columns.${key}`;
    if (column === null) return [];
    const option = `schema.${path}`;
    if (typeof column !== 'string') return [{ path, option, column: column.column, kind: column.codec }];
    return [{ path, option, column, ...(TEXTS.includes(key) && { kind: 'text' as const }) }];
  });
}

function filterColumns(name: TableKey, { filters }: Tables): MappedColumn[] {
  if (name === 'allocations') return [];
  const { scope, exclude, ageColumn } = filters;
  const ofKey = (option: string, { column }: { readonly column: string }): MappedColumn => {
    const path = `${option}.${column}`;
    return { path, option: `the key ${path}`, column };
  };
  const age = { path: 'filters.ageColumn', option: 'filters.ageColumn' };
  return [
    ...scope.map((condition) => ofKey('filters.scope', condition)),
    ...exclude.columns.map((condition) => ofKey('filters.exclude.columns', condition)),
    ...(ageColumn === null ? [] : [{ ...age, column: ageColumn.column, kind: ageColumn.codec }]),
  ];
}

function touchedColumns(name: TableKey, { touch }: Tables): MappedColumn[] {
  const { now, increment } = touch[name];
  const at = (key: string, index: number) => {
    const path = `touch.${name}.${key}[${index}]`;
    return { path, option: path };
  };
  return [
    ...now.map(({ column, codec }, index) => ({ ...at('now', index), column, kind: codec })),
    ...increment.map((column, index) => ({ ...at('increment', index), column })),
  ];
}

function typeFinding(
  { path, option, kind }: MappedColumn,
  type: string | undefined,
  { dialect }: Tables,
): SchemaFinding[] {
  if (kind === undefined || type === undefined || dialect.typeHolds(type, kind) !== false) return [];
  const problem = `The column is of type ${type}, which holds no ${kind}`;
  const fix =
    kind === 'text'
      ? `Set ${option} to null, so that none is written, or to a column that holds text`
      : `Set ${option}.codec to what the column really holds`;
  return [{ path, problem, fix }];
}

/** The types of columns, without a row: the outer join has none to offer. */
async function columnTypes(
  session: SqlSession,
  { dialect }: Tables,
  table: Table,
  columns: readonly MappedColumn[],
): Promise<string[]> {
  const types = columns.map(({ column }, index) =>
    session.build.raw(`? as type${index}`, [dialect.typeOf(session.build, `t.${column}`, table)]),
  );
  const query = session.build
    .select([session.build.raw('1 as one'), ...types])
    .from(session.build.raw('(select 1 as one) as d left join ? as t on 1 = 0', [tableName(session.build, table)]));
  const [row] = await session.rows<Record<string, string>>(query);
  return columns.map((_column, index) => row?.[`type${index}`] ?? 'unknown');
}

async function unlessMissing<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isJobsweepError(error, 'SCHEMA_MISMATCH')) return undefined;
    throw error;
  }
}
