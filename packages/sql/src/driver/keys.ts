import type { Key } from '@jobsweep/core';
import type { Source } from './source.js';
import { joined, type Sql, sql, verbatim } from './sql.js';
import type { Words } from './words.js';

/** In the order of the keys, from the greatest on. */
export function newestFirst(source: Source): Sql {
  const keys = source.keys.map((key) => sql`${key} desc`);
  return joined(keys, ', ');
}

const BEYOND_ASCII = /[^\x20-\x7e]/;

/** Whether columns are those of one of some keys. */
export function hasKeys(words: Words, columns: readonly Sql[], keys: readonly Key[]): Sql {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    // NULL is no value, and equal to none: not to the empty text, which some servers take for 0.
    const given = keys.flatMap(([exact]) => exact ?? []);
    return given.length === 0 ? verbatim('1 = 0') : words.isOneOf(only, given);
  }
  if (words.misreadsTuples && keys.some((key) => key.some((exact) => exact !== null && BEYOND_ASCII.test(exact)))) {
    const each = keys.map((key) => {
      const parts = columns.map((column, index) => sql`${column} = ${key[index] ?? null}`);
      return sql`(${joined(parts, ' and ')})`;
    });
    return sql`(${joined(each, ' or ')})`;
  }
  const tuples = keys.map(
    (key) =>
      sql`(${joined(
        key.map((exact) => sql`${exact}`),
        ', ',
      )})`,
  );
  return sql`(${joined(columns, ', ')}) in (${joined(tuples, ', ')})`;
}
