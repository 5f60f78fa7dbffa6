import { invalidSchema, type RawState, type StatesOption } from '@jobsweep/core';
import { isText } from './column-types.js';
import type { EntityTable } from './entity-table.js';

/**
 * The raw values of a state column, `{}` for the states' own names: those that are given, else those of the column's
 * enum that are spelled like a state, in whatever case.
 */
export function entityStates<State extends string, Option extends string>(
  table: EntityTable<never>,
  databaseName: string,
  option: Option,
  known: readonly State[],
  given: StatesOption<State> | undefined,
): { readonly [Key in Option]?: StatesOption<State> } {
  const column = table.columnNamed(databaseName);
  const path = `schema.${table.key}.${option}`;
  const states = (values: StatesOption<State>) => ({ [option]: values }) as { [Key in Option]: StatesOption<State> };
  if (given !== undefined) {
    requireValues(path, given, column?.enum);
    return states(given);
  }
  if (column?.enum !== undefined) {
    const { enum: values } = column;
    const spelled = (state: State) => values.find((value) => value === state) ?? values.find(isSpelled(state));
    return states(Object.fromEntries(known.map((state) => [state, spelled(state) ?? []])) as StatesOption<State>);
  }
  if (column === undefined) return {};
  const type = table.typeOf(column);
  if (column.transformer === undefined && isText(type)) return {};
  throw invalidSchema(
    `${table.entity}.${column.propertyPath} ${column.transformer === undefined ? `is of type ${type}` : 'has a transformer'}`,
    `Name its raw values in ${path}, as the database holds them`,
  );
}

function requireValues(path: string, given: StatesOption<string>, allowed: readonly RawState[] | undefined): void {
  if (allowed === undefined) return;
  const values = new Set(allowed.map(String));
  const raw = Object.values(given)
    .flat()
    .filter((value) => typeof value === 'string' || typeof value === 'number');
  const wrong = raw.find((value) => !values.has(String(value)));
  if (wrong === undefined) return;
  const problem = `${path} names ${JSON.stringify(wrong)}, which is no value of the entity's enum`;
  throw invalidSchema(problem, `Use ${[...values].join(', ')}`);
}

const isSpelled = (state: string) => (value: RawState) => String(value).toUpperCase() === state;
