import { anyOf, NONE } from '../driver/condition.js';
import type { Condition, Link } from '../driver/table.js';
import { invalidSchema } from '../errors.js';
import type { DependentOption, DependentsOption } from './dependents.js';
import { keyNamed, named, rejectUnknown } from './option.js';
import { isPlainObject, resolveLookup } from './resolve-condition.js';

/** A table whose rows are deleted before the rows that they hang on. */
export interface Dependent {
  /** Where it is named, as a path into the options of the store. */
  readonly path: string;
  /** From a row that they hang on to them. */
  readonly link: Link;
  readonly dependents: readonly Dependent[];
}

/** What hangs on jobs. */
export interface Dependents {
  readonly delete: readonly Dependent[];
  /** Jobs that have a row which keeps them. */
  readonly keep: Condition;
}

export const NO_DEPENDENTS: Dependents = { delete: [], keep: NONE };

const PATH = 'schema.dependents';
const MAX_TABLES = 20;

/**
 * Fills in the defaults. Throws `INVALID_SCHEMA` with the path of the mistake.
 *
 * @param key of the jobs.
 * @param mapped the tables of jobs and allocations, whose rows are deleted by rules of their own.
 */
export function resolveDependents(
  option: DependentsOption,
  key: readonly string[],
  mapped: readonly string[],
): Dependents {
  if (!isPlainObject(option)) throw invalidSchema(`${PATH} is ${JSON.stringify(option)}`, 'Give an object');
  rejectUnknown(PATH, option, ['delete', 'keep']);
  const dependents = listed(`${PATH}.delete`, option.delete, key, mapped);
  const tables = countOf(dependents);
  if (tables > MAX_TABLES) throw invalidSchema(`${PATH}.delete has ${tables} tables`, `Name at most ${MAX_TABLES}`);
  const keep = listOf(`${PATH}.keep`, option.keep).map((each, index) => {
    const refuse = (path: string, value: unknown, fix: string) =>
      invalidSchema(`${path} is ${JSON.stringify(value)}`, `${fix.charAt(0).toUpperCase()}${fix.slice(1)}`);
    return resolveLookup(`${PATH}.keep[${index}]`, each, { key, refuse });
  });
  return { delete: dependents, keep: keep.length === 0 ? NONE : anyOf(...keep) };
}

/** A table and those that hang on it, one after the other. */
export const withNested = (dependents: readonly Dependent[]): Dependent[] =>
  dependents.flatMap((each) => [each, ...withNested(each.dependents)]);

function listed(
  path: string,
  option: readonly DependentOption[] | undefined,
  parentKey: readonly string[],
  mapped: readonly string[],
): Dependent[] {
  return listOf(path, option).map((each, index) => dependent(`${path}[${index}]`, each, parentKey, mapped));
}

function dependent(
  path: string,
  option: DependentOption,
  parentKey: readonly string[],
  mapped: readonly string[],
): Dependent {
  if (!isPlainObject(option)) throw invalidSchema(`${path} is ${JSON.stringify(option)}`, 'Give an object');
  rejectUnknown(path, option, ['schema', 'table', 'id', 'key', 'dependents']);
  // Whoever writes no TypeScript may leave these out.
  const { table: given = null, key: link = null } = option as Partial<DependentOption>;
  const name = named(`${path}.table`, given, '');
  if (mapped.includes(name)) {
    throw invalidSchema(`${path}.table is '${name}'`, 'Name another table: rows of this one have rules of their own');
  }
  const id = keyNamed(`${path}.id`, option.id, 'id');
  const key = keyNamed(`${path}.key`, link, '');
  if (key.length !== parentKey.length) {
    const problem = `${path}.key names ${key.join(', ')}, and the key that they hold is ${parentKey.join(', ')}`;
    throw invalidSchema(problem, 'Name as many columns, in the same order');
  }
  const schema = named(`${path}.schema`, option.schema, undefined);
  const table = { schema, name, key: id, times: new Map(), shown: new Map<string, number>() };
  const on = parentKey.map((column, index) => [column, key[index] ?? ''] as const);
  return {
    path,
    link: { to: table, on, kind: 'children' },
    dependents: listed(`${path}.dependents`, option.dependents, id, [...mapped, name]),
  };
}

function listOf<Item>(path: string, option: readonly Item[] | undefined): readonly Item[] {
  if (option === undefined) return [];
  if (!Array.isArray(option)) throw invalidSchema(`${path} is ${JSON.stringify(option)}`, 'Give a list');
  return option as readonly Item[];
}

const countOf = (dependents: readonly Dependent[]): number => withNested(dependents).length;
