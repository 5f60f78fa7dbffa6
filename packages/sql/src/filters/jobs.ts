import type { FilterValue } from '@jobsweep/core';
import type { Knex } from 'knex';
import { columnRef } from '../rows/identifiers.js';
import type { Tables } from '../rows/tables.js';

/**
 * What the jobs under an alias have to pass before anything else is asked of them: the scope, and nothing that is
 * excluded. No condition where there are no such filters.
 */
export function jobFilters(build: Knex, tables: Tables, alias: string): Knex.Raw[] {
  const { dialect, filters, schema } = tables;
  const { id, name } = schema.jobs.columns;
  const { ids, names, columns } = filters.exclude;
  const scope = filters.scope.map(({ column, values }) =>
    hasAnyOf(build, tables, columnRef(build, alias, column), values),
  );
  const excluded = [
    ...(ids.length > 0 ? [dialect.isOneOf(build, columnRef(build, alias, id), ids)] : []),
    ...(names.length > 0 ? [hasAnyOf(build, tables, columnRef(build, alias, name), names)] : []),
    ...columns.map(({ column, values }) => hasAnyOf(build, tables, columnRef(build, alias, column), values)),
  ];
  // A column that is NULL is compared with nothing, so the job is not excluded by it.
  return excluded.length === 0 ? scope : [...scope, build.raw('? is not true', [anyOf(build, excluded)])];
}

/** Adds conditions to a query: `query.modify(whereAll, conditions)`. */
export function whereAll(query: Knex.QueryBuilder, conditions: readonly Knex.Raw[]): void {
  for (const condition of conditions) query.where(condition);
}

function hasAnyOf(build: Knex, { dialect }: Tables, column: Knex.Raw, values: readonly FilterValue[]): Knex.Raw {
  const given = values.filter((value) => value !== null);
  return anyOf(build, [
    ...(given.length > 0 ? [dialect.isExactly(build, column, given)] : []),
    ...(given.length < values.length ? [build.raw('? is null', [column])] : []),
  ]);
}

function anyOf(build: Knex, conditions: readonly Knex.Raw[]): Knex.Raw {
  return build.raw(`(${conditions.map(() => '?').join(' or ')})`, [...conditions]);
}
