import type { FilterValue, RawState } from '@jobsweep/core';
import type { Knex } from 'knex';
import { marks, textOf } from './expressions.js';

/** Compares to the letter, where collations would take `running` and `RUNNING ` for `RUNNING`. */
export function equalsAnyOf(build: Knex, value: Knex.Raw, values: readonly RawState[]): Knex.Raw {
  if (values.length === 0) return build.raw('1 = 0');
  return build.raw(`cast(? as binary) in (${marks(values)})`, [textOf(build, value), ...values.map(String)]);
}

/** See `Dialect.isAnyOf`. */
export function isAnyOf(build: Knex, column: Knex.Raw, values: readonly RawState[]): Knex.Raw {
  if (values.length === 0) return build.raw('1 = 0');
  // The first can use an index and lets too much through, the second is exact.
  const exact = equalsAnyOf(build, column, values);
  return build.raw(`(? in (${marks(values)}) and ?)`, [column, ...values, exact]);
}

/** A number as text, or a BIT(1). These servers take any text for a number, most texts for 0. */
const NUMBER = '^([-+]?[0-9]*[.]?[0-9]+(e[-+]?[0-9]+)?|[[:cntrl:]])$';

/** See `Dialect.isExactly`. Booleans are numbers here. */
export function isExactly(build: Knex, column: Knex.Raw, values: readonly NonNullable<FilterValue>[]): Knex.Raw {
  const texts = values.filter((value) => typeof value === 'string');
  const numbers = values.filter((value) => typeof value !== 'string').map(Number);
  const isText = isAnyOf(build, column, texts);
  if (numbers.length === 0) return isText;
  const text = textOf(build, column);
  // In this order: where rows are changed, strict servers refuse to compare a number with a text that is none.
  const isNumber = build.raw(`(? regexp ? and ? in (${marks(numbers)}))`, [text, NUMBER, column, ...numbers]);
  return texts.length === 0 ? isNumber : build.raw('(? or ?)', [isText, isNumber]);
}
