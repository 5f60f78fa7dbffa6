import type { SchemaFinding, StoreInspection, TimeColumn, TransactionOptions } from '@jobsweep/core';
import { isJobsweepError, JobsweepError } from '@jobsweep/core';
import type { SqlSession } from './library.js';
import { type Tables, tableName } from './rows/tables.js';

type RunTransaction = <Result>(
  work: (session: SqlSession) => Promise<Result>,
  options: TransactionOptions,
) => Promise<Result>;

/** A column that an option names, with its codec where it is a time. */
interface MappedColumn {
  readonly path: string;
  /** What to set to put it right: the option that the path leads into comes first. */
  readonly option: string;
  readonly column: string;
  readonly codec?: TimeColumn['codec'];
}

/** Compares the mapping with the real tables by asking for the types of the mapped columns, which reads no row. */
export function inspection(tables: Tables, transaction: RunTransaction): StoreInspection {
  const { jobs, allocations } = tables.schema;
  return {
    totals: notYet,
    server: notYet,
    async schema({ signal } = {}) {
      const typesOf = (table: Table, columns: readonly MappedColumn[]) =>
        transaction((session) => columnTypes(session, tables, table, columns), { readOnly: true, signal });
      const findings = await tableFindings('jobs', jobs, tables, typesOf);
      if (allocations === null) return findings;
      return [...findings, ...(await tableFindings('allocations', allocations, tables, typesOf))];
    },
  };
}

type TableKey = 'jobs' | 'allocations';

interface Table {
  readonly schema: string | undefined;
  readonly table: string;
  readonly columns: Readonly<Record<string, string | TimeColumn | null>>;
}

type TypesOf = (table: Table, columns: readonly MappedColumn[]) => Promise<string[]>;

async function tableFindings(name: TableKey, table: Table, tables: Tables, typesOf: TypesOf): Promise<SchemaFinding[]> {
  const columns = [...mappedColumns(name, table), ...filterColumns(name, tables), ...touchedColumns(name, tables)];
  const types = await unlessMissing(typesOf(table, columns));
  if (types !== undefined) return columns.flatMap((column, index) => typeFinding(column, types[index], tables));

  if ((await unlessMissing(typesOf(table, []))) === undefined) {
    const fix = `Set schema.${name}.table (and schema.${name}.schema), or create it`;
    return [{ path: `${name}.table`, problem: `There is no table "${table.table}"`, fix }];
  }
  const findings: SchemaFinding[] = [];
  for (const column of columns) {
    const own = await unlessMissing(typesOf(table, [column]));
    if (own === undefined) {
      const problem = `Table "${table.table}" has no column "${column.column}"`;
      findings.push({ path: column.path, problem, fix: `Set ${column.option} to the name of the column` });
    } else {
      findings.push(...typeFinding(column, own[0], tables));
    }
  }
  return findings;
}

function mappedColumns(name: string, table: Table): MappedColumn[] {
  return Object.entries(table.columns).flatMap(([key, column]) => {
    const path = `${name}.columns.${key}`;
    if (column === null) return [];
    const named = typeof column === 'string' ? { column } : { column: column.column, codec: column.codec };
    return [{ path, option: `schema.${path}`, ...named }];
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
    ...(ageColumn === null ? [] : [{ ...age, column: ageColumn.column, codec: ageColumn.codec }]),
  ];
}

function touchedColumns(name: TableKey, { touch }: Tables): MappedColumn[] {
  const { now, increment } = touch[name];
  const at = (key: string, index: number) => {
    const path = `touch.${name}.${key}[${index}]`;
    return { path, option: path };
  };
  return [
    ...now.map(({ column, codec }, index) => ({ ...at('now', index), column, codec })),
    ...increment.map((column, index) => ({ ...at('increment', index), column })),
  ];
}

function typeFinding(
  { path, option, codec }: MappedColumn,
  type: string | undefined,
  { dialect }: Tables,
): SchemaFinding[] {
  if (codec === undefined || type === undefined || dialect.typeHolds(type, codec) !== false) return [];
  const problem = `The column is of type ${type}, which holds no ${codec}`;
  return [{ path, problem, fix: `Set ${option}.codec to what the column really holds` }];
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

const notYet = async () => {
  throw new JobsweepError('DATABASE_ERROR', 'Not counted here yet.');
};
