import { allOf, anyOf, isIn, not } from '../driver/condition.js';
import type { Condition, Link } from '../driver/table.js';
import type { JobsweepError } from '../errors.js';
import type { ColumnValue, ConditionOption, ExistsOption } from './conditions.js';

/** Values in one list: all of them are bound in every statement. */
export const MAX_VALUES = 1000;
/** Columns, and tables, that one condition names. */
const MAX_TERMS = 100;

/** Where a condition stands, and what it is about. */
export interface ConditionPlace {
  /** The key of the table; `null`: the condition may look into no other one. */
  readonly key: readonly string[] | null;
  /** The error for a value that stands at a path. */
  readonly refuse: (path: string, value: unknown, fix: string) => JobsweepError;
}

/** Makes the tree of a condition. Throws what `place.refuse` makes for the first mistake, with its path. */
export function resolveCondition(path: string, option: ConditionOption, place: ConditionPlace): Condition {
  const condition = new Resolver(place).anyRow(path, option);
  if (termsOf(condition) <= MAX_TERMS) return condition;
  throw place.refuse(path, `${termsOf(condition)} terms`, `use at most ${MAX_TERMS}, or mark those rows in a column`);
}

/** Makes the condition that rows of another table name a row. Throws as above. */
export function resolveLookup(path: string, option: ExistsOption, place: ConditionPlace): Condition {
  if (!isPlainObject(option)) throw place.refuse(path, option, 'give an object with a table and its key');
  return new Resolver(place).exists(path, option);
}

class Resolver {
  constructor(
    private readonly place: ConditionPlace,
    private readonly isInside = false,
  ) {}

  anyRow(path: string, option: unknown): Condition {
    if (!Array.isArray(option)) return this.row(path, option);
    const rows: readonly unknown[] = option;
    if (rows.length === 0) throw this.place.refuse(path, option, 'name at least one condition');
    const [only, ...others] = rows.map((each, index) => this.row(`${path}[${index}]`, each));
    return only !== undefined && others.length === 0 ? only : anyOf(...(only === undefined ? [] : [only]), ...others);
  }

  private row(path: string, option: unknown): Condition {
    if (!isPlainObject(option)) throw this.place.refuse(path, option, 'give an object of columns, or a list of such');
    const entries = Object.entries(option);
    if (entries.length === 0) throw this.place.refuse(path, option, 'name at least one column');
    return allOf(
      ...entries.map(([name, test]) =>
        name === 'exists' && isPlainObject(test) && !('is' in test || 'isNot' in test)
          ? this.exists(`${path}.exists`, test)
          : this.column(`${path}.${name}`, name, test),
      ),
    );
  }

  private column(path: string, column: string, test: unknown): Condition {
    if (!isPlainObject(test)) return isIn(column, this.values(path, test));
    const [[word = '', value] = [], ...others] = Object.entries(test);
    if (others.length > 0 || (word !== 'is' && word !== 'isNot')) {
      const fix = 'give a text, a finite number, a boolean, null, a list of these, { is: ... } or { isNot: ... }';
      throw this.place.refuse(path, test, fix);
    }
    const values = isIn(column, this.values(`${path}.${word}`, value));
    return word === 'is' ? values : not(values);
  }

  private values(path: string, test: unknown): readonly ColumnValue[] {
    const values: readonly unknown[] = Array.isArray(test) ? test : [test];
    if (values.length === 0) throw this.place.refuse(path, test, 'name at least one value');
    if (values.length > MAX_VALUES) throw tooMany(this.place, path, values.length);
    const wrong = values.filter((each) => !isColumnValue(each));
    if (wrong.length > 0) throw this.place.refuse(path, wrong[0], 'give a text, a finite number, a boolean or null');
    return values as readonly ColumnValue[];
  }

  exists(path: string, option: object): Condition {
    const { refuse, key } = this.place;
    if (this.isInside) throw refuse(path, option, 'look into one table and no further');
    if (key === null) throw refuse(path, option, 'name columns of the table itself');
    const wrong = Object.keys(option).find((word) => !['schema', 'table', 'key', 'where'].includes(word));
    if (wrong !== undefined) throw refuse(`${path}.${wrong}`, wrong, 'use schema, table, key, where');
    const { schema, table, key: named, where } = option as Partial<ExistsOption>;
    const name = (at: string, given: unknown): string => {
      if (typeof given === 'string' && given !== '') return given;
      throw refuse(`${path}.${at}`, given, 'give the name as the database has it');
    };
    const columns = (Array.isArray(named) ? named : [named]).map((column: unknown) => name('key', column));
    if (columns.length !== key.length) {
      throw refuse(`${path}.key`, named, `name the columns that hold ${key.join(', ')}, in this order`);
    }
    const link: Link = {
      kind: 'children',
      to: {
        schema: schema === undefined ? undefined : name('schema', schema),
        name: name('table', table),
        key: columns,
        times: new Map(),
        shown: new Map(),
      },
      on: key.map((column, index) => [column, columns[index] ?? '']),
    };
    const inside = new Resolver({ ...this.place, key: [] }, true);
    return { exists: link, where: where === undefined ? { all: [] } : inside.anyRow(`${path}.where`, where) };
  }
}

/** The error for a list that is too long to be bound. */
export function tooMany({ refuse }: Pick<ConditionPlace, 'refuse'>, path: string, count: number): JobsweepError {
  return refuse(path, `${count} values`, `give at most ${MAX_VALUES}, or mark those jobs in a column and filter by it`);
}

/** Whether something is an object of options: a `Map` or a list would pass for one that is empty. */
export const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]';

function isColumnValue(value: unknown): value is ColumnValue {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

function termsOf(condition: Condition): number {
  if ('all' in condition) return sum(condition.all);
  if ('any' in condition) return sum(condition.any);
  if ('not' in condition) return termsOf(condition.not);
  return 'exists' in condition ? 1 + termsOf(condition.where) : 1;
}

const sum = (conditions: readonly Condition[]): number => conditions.reduce((terms, each) => terms + termsOf(each), 0);
