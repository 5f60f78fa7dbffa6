import { type Condition, type SchemaFinding, schemaFinding, singleValuesIn } from '@jobsweep/core';

/** The table whose ids are looked at, as the mapping names it. */
interface IdColumn {
  /** Where its option is: `schema.jobs.columns.id`. */
  readonly path: string;
  readonly table: string;
  readonly column: string;
}

/**
 * A write names its rows by their id alone, so two rows with one id would both be written when one of them is due. Looks
 * for a key that rules this out: one of the id, or of the id and columns that the scope allows a single value.
 *
 * @param keys the columns of each unique key; `undefined`: the table is a view, of which nobody can tell.
 * @param scope the scope of the jobs; every row for allocations.
 */
export function idFinding(
  { path, table, column }: IdColumn,
  keys: readonly (readonly string[])[] | undefined,
  scope: Condition,
): SchemaFinding[] {
  const pinned = [column, ...singleValuesIn(scope)];
  if (keys === undefined || keys.some((key) => key.every((name) => pinned.includes(name)))) return [];
  const withId = keys.find((key) => key.includes(column));
  const others = withId?.filter((name) => !pinned.includes(name)) ?? [];
  const scopedBy = path.startsWith('schema.jobs.') ? others : [];
  return [schemaFinding(path, { kind: 'notUnique', what: 'table', name: table, column, scopedBy })];
}
