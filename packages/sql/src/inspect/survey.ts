import type { ColumnFacts, ColumnKind, SurveyedColumn, SurveyedName, SurveyedTable, TableFacts } from '@jobsweep/core';
import type { Ask, ServerCatalog } from '../catalog.js';

/** See `StoreSurvey.tables`. */
export async function tablesThere(ask: Ask, { tables }: Pick<ServerCatalog, 'tables'>): Promise<EstimatedName[]> {
  return (await ask(({ run }) => run(tables))).map(({ tschema, name, own, n }) => ({
    schema: tschema ?? '',
    isOwn: own === 'true',
    name: name ?? '',
    rows: Number(n) < 0 ? null : Number(n),
  }));
}

/** A table, with the server's estimate of its rows. */
type EstimatedName = SurveyedName & Pick<SurveyedTable, 'rows'>;

/** See `StoreSurvey.describe`. */
export async function describeTables(
  ask: Ask,
  catalog: Pick<ServerCatalog, 'foreignKeys' | 'table' | 'tables' | 'types'>,
  wanted: readonly SurveyedName[],
): Promise<SurveyedTable[]> {
  const there = await tablesThere(ask, catalog);
  const isOwn = new Map(there.map((each) => [each.schema, each.isOwn]));
  const found: SurveyedTable[] = [];
  for (const { schema, name } of wanted) {
    const estimated = there.find((each) => each.schema === schema && each.name === name);
    const place = { schema: isOwn.get(schema) === true ? undefined : schema, name };
    const facts = estimated && (await catalog.table(ask, place, []));
    if (estimated === undefined || facts === undefined) continue;
    const { keys } = await ask((session) => catalog.foreignKeys(session, place));
    found.push({
      ...estimated,
      columns: [...(facts.columns ?? [])].map(([column, of]) => surveyedColumn(column, of, catalog)),
      keys: keysOf(facts),
      references: keys.map(({ table, columns, to, onDelete }) => ({
        ...{ columns, to, onDelete },
        table: { schema: table.schema, isOwn: isOwn.get(table.schema) === true, name: table.name },
      })),
    });
  }
  return found;
}

function surveyedColumn(
  name: string,
  { type, members, isGenerated }: ColumnFacts,
  { types }: Pick<ServerCatalog, 'types'>,
): SurveyedColumn {
  const kinds = Object.keys(types.of) as ColumnKind[];
  const holds = kinds.filter((kind) => types.of[kind].includes(type));
  return { name, type, holds, ...(members && { members }), isGenerated };
}

/** PostgreSQL has the primary key first, and MySQL gives it a name. */
function keysOf({ indexes }: TableFacts): string[][] {
  const unique = indexes.filter((index) => index.unique !== undefined);
  const first = unique.filter(({ name }) => name === 'PRIMARY');
  return [...first, ...unique.filter((index) => !first.includes(index))].map((index) => [...(index.unique ?? [])]);
}
