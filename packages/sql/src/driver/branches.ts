import type { Condition } from '@jobsweep/core';

/** More than any column of states has values that mean the same. */
const MAX_BRANCHES = 16;

/**
 * A condition for each value of the first column that is compared with values, which is that of the state; no two hold of the
 * same row. None where it has one value, or where its values have several types, some of which may be one to the server.
 */
export function branchesOf(where: Condition): readonly Condition[] {
  if (!('all' in where)) return [];
  const place = where.all.findIndex((each) => 'in' in each);
  const several = where.all[place];
  if (several === undefined || !('in' in several)) return [];
  const values = [...new Set(several.in.map((value) => (typeof value === 'boolean' ? Number(value) : value)))];
  if (values.length > MAX_BRANCHES || new Set(values.map((value) => typeof value)).size > 1) return [];
  return values.map((value) => ({ all: where.all.with(place, { column: several.column, in: [value] }) }));
}
