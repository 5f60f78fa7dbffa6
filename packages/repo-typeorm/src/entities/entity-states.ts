import { invalidSchema, type RawState, type StatesOption } from '@jobsweep/core';
import { isText } from './column-types.js';
import type { EntityTable } from './entity-table.js';

/**
 * The raw values of a state column, `{}` for the states' own names: those that are given, and for states of which nothing is
 * said those of the column's enum that are spelled like one, in whatever case, and given to no other.
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
  if (column?.enum !== undefined) {
    requireValues(path, given ?? {}, column.enum);
    const taken = new Set(rawValues(given ?? {}).map(String));
    const values = column.enum.filter((value) => !taken.has(String(value)));
    const spelled = (state: State) => values.find((value) => value === state) ?? values.find(isSpelled(state));
    const told = Object.fromEntries(known.map((state) => [state, spelled(state) ?? []])) as StatesOption<State>;
    return states({ ...told, ...given });
  }
  if (given !== undefined) return states(given);
  if (column === undefined) return {};
  const type = table.typeOf(column);
  if (column.transformer === undefined && isText(type)) return {};
  throw invalidSchema(
    `${table.entity}.${column.propertyPath} ${column.transformer === undefined ? `is of type ${type}` : 'has a transformer'}`,
    `Name its raw values in ${path}, as the database holds them`,
  );
}

/** Those that states are given one by one, without what conditions say. */
const rawValues = (given: StatesOption<string>): readonly RawState[] =>
  Object.values(given)
    .flat()
    .filter((value) => typeof value === 'string' || typeof value === 'number');

function requireValues(path: string, given: StatesOption<string>, allowed: readonly RawState[]): void {
  const values = new Set(allowed.map(String));
  const wrong = rawValues(given).find((value) => !values.has(String(value)));
  if (wrong === undefined) return;
  const problem = `${path} names ${JSON.stringify(wrong)}, which is no value of the entity's enum`;
  throw invalidSchema(problem, `Use ${[...values].join(', ')}`);
}

const isSpelled = (state: string) => (value: RawState) => String(value).toUpperCase() === state;
