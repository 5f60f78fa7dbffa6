import {
  type Condition,
  columnsIn,
  EVERY,
  isJobsweepError,
  type JobState,
  type ResourceStatus,
  type SchemaFinding,
  type States,
  schemaFinding,
  type TimeColumn,
} from '@jobsweep/core';
import type { Relation } from '../catalog.js';
import type { Tables } from '../context.js';
import type { ColumnKind } from '../dialect.js';
import type { SqlSession } from '../library.js';
import { columnRef } from '../rows/identifiers.js';
import { tableName } from '../rows/tables.js';
import type { Look } from './look.js';
import { idFinding } from './unique-ids.js';

/** A column that an option names, with what is written to it where that is a time or a text. */
interface MappedColumn {
  readonly path: string;
  readonly column: string;
  readonly kind?: ColumnKind;
  readonly isWritten?: boolean;
}

/** Compares the mapping with the real tables by what the catalog says, which reads no row. */
export async function schemaFindings(tables: Tables, look: Look): Promise<SchemaFinding[]> {
  const { jobs, allocations } = tables.schema;
  const writers = await tables.dialect.catalog.writers(look);
  return [
    ...(writers === undefined ? [] : [schemaFinding('multiWriter', { kind: 'writers', ...writers })]),
    ...(await tableFindings('jobs', jobs, tables, look)),
    ...(allocations === null ? [] : await tableFindings('allocations', allocations, tables, look)),
  ];
}

type TableKey = 'jobs' | 'allocations';

interface Table {
  readonly schema: string | undefined;
  readonly table: string;
  readonly columns: { readonly id: string } & Readonly<Record<string, string | TimeColumn | null>>;
  readonly states?: States<JobState>;
  readonly statuses?: States<ResourceStatus>;
}

async function tableFindings(name: TableKey, table: Table, tables: Tables, look: Look): Promise<SchemaFinding[]> {
  const { catalog } = tables.dialect;
  const typesOf = (of: readonly MappedColumn[]) =>
    unlessMissing(look((session) => columnTypes(session, tables, table, of)));
  const columns = [
    ...mappedColumns(name, table),
    ...(table.states === undefined ? [] : stateColumns(table.states, 'FAILED')),
    ...(table.statuses === undefined ? [] : stateColumns(table.statuses, 'RELEASED')),
    ...filterColumns(name, tables),
    ...touchedColumns(name, tables),
  ];
  const types = await typesOf(columns);
  if (types === undefined && (await typesOf([])) === undefined) {
    const existing = await look((session) => catalog.tableNames(session, table.schema));
    return [schemaFinding(`schema.${name}.table`, { kind: 'missing', what: 'table', name: table.table, existing })];
  }

  const relation = await look((session) => catalog.relation(session, table));
  const findings = relation === undefined ? [] : relationFindings(name, table, relation);
  for (const [index, column] of columns.entries()) {
    const type = types === undefined ? (await typesOf([column]))?.[0] : types[index];
    if (type === undefined) {
      const missing = { kind: 'column', table: table.table, column: column.column } as const;
      findings.push(schemaFinding(column.path, { ...missing, existing: relation?.columns ?? [] }));
    } else findings.push(...typeFinding(column, type, tables), ...generatedFinding(column, relation));
  }
  const hasId = !findings.some(({ path }) => path === `schema.${name}.columns.id`);
  return hasId ? [...findings, ...(await idFindings(name, table, tables, look))] : findings;
}

function relationFindings(
  name: TableKey,
  { table }: Table,
  { kind, hidesRows, unsafeEngine: engine }: Relation,
): SchemaFinding[] {
  const path = `schema.${name}.table`;
  const view = { kind: 'notWritable', what: 'table', name: table, type: 'read-only view' } as const;
  return [
    ...(kind === 'readOnlyView' ? [schemaFinding(path, view)] : []),
    ...(engine === null ? [] : [schemaFinding(path, { kind: 'storage', table, engine })]),
    ...(hidesRows ? [{ ...schemaFinding(path, { kind: 'rowSecurity', table }), severity: 'warning' as const }] : []),
  ];
}

async function idFindings(name: TableKey, table: Table, { dialect, filters }: Tables, look: Look) {
  const keys = await look((session) => dialect.uniqueKeys(session, table));
  const id = { path: `schema.${name}.columns.id`, table: table.table, column: table.columns.id };
  return idFinding(id, keys, name === 'jobs' ? filters.scope : EVERY);
}

/** Columns that jobsweep writes texts to. */
const TEXTS = ['errorMsg', 'exitCode'];
const WRITTEN = [...TEXTS, 'state', 'endTime', 'status', 'releasedTime'];

function mappedColumns(name: string, table: Table): MappedColumn[] {
  return Object.entries(table.columns).flatMap(([key, column]): MappedColumn[] => {
    const path = `schema.${name}.columns.${key}`;
    const isWritten = WRITTEN.includes(key);
    if (column === null) return [];
    if (typeof column !== 'string') return [{ path, column: column.column, kind: column.codec, isWritten }];
    return [{ path, column, isWritten, ...(TEXTS.includes(key) && { kind: 'text' as const }) }];
  });
}

/** The columns besides the mapped one that conditions of states name, and those that are written for one. */
function stateColumns<State extends string>(states: States<State>, written: State): MappedColumn[] {
  const { path, column: mapped } = states.place;
  const writes = Object.keys(states.set(written));
  return [...new Set([...states.columns, ...writes])]
    .filter((column) => column !== mapped)
    .map((column) => ({ path: `${path}: ${column}`, column, isWritten: writes.includes(column) }));
}

function filterColumns(name: TableKey, { filters }: Tables): MappedColumn[] {
  if (name === 'allocations') return [];
  const { scope, exclude, ageColumn } = filters;
  const named = (option: string, condition: Condition): MappedColumn[] =>
    [...new Set(columnsIn(condition))].map((column) => ({ path: `${option}.${column}`, column }));
  return [
    ...named('filters.scope', scope),
    ...named('filters.exclude', exclude),
    ...(ageColumn === null ? [] : [{ path: 'filters.ageColumn', column: ageColumn.column, kind: ageColumn.codec }]),
  ];
}

function touchedColumns(name: TableKey, { touch }: Tables): MappedColumn[] {
  const { now, increment } = touch[name];
  const at = (key: string, index: number) => ({ path: `touch.${name}.${key}[${index}]`, isWritten: true });
  return [
    ...now.map(({ column, codec }, index) => ({ ...at('now', index), column, kind: codec })),
    ...increment.map((column, index) => ({ ...at('increment', index), column })),
  ];
}

function typeFinding({ path, kind }: MappedColumn, type: string, { dialect }: Tables): SchemaFinding[] {
  if (kind === undefined || dialect.typeHolds(type, kind) !== false) return [];
  return [schemaFinding(path, { kind: 'type', type, wanted: kind })];
}

function generatedFinding({ path, column, isWritten }: MappedColumn, relation: Relation | undefined): SchemaFinding[] {
  const isGenerated = isWritten === true && relation?.generated.includes(column) === true;
  return isGenerated ? [schemaFinding(path, { kind: 'generated', column })] : [];
}

/** The types of columns, without a row: the outer join has none to offer. */
async function columnTypes(
  session: SqlSession,
  { dialect }: Tables,
  table: Table,
  columns: readonly MappedColumn[],
): Promise<string[]> {
  const types = columns.map(({ column }, index) =>
    session.build.raw(`? as type${index}`, [
      dialect.typeOf(session.build, columnRef(session.build, 't', column), column, table),
    ]),
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
