import { invalidOption } from '../errors.js';
import type { KeepNewestOption } from './filters.js';
import { isPlainObject } from './resolve-condition.js';
import { rejectAllBut } from './resolve-limits.js';

/** How many of the newest jobs stay. */
export interface KeepNewest {
  readonly count: number;
  /** `all` of them, those of each `name`, or those of each value of a column. */
  readonly per: 'all' | 'name' | { readonly column: string };
}

/** As many rows as one statement locks. */
const MAX_COUNT = 5000;
const PATH = 'filters.keepNewest';

/** Throws `INVALID_OPTION` with the path of the mistake. */
export function resolveKeepNewest(option: KeepNewestOption): KeepNewest {
  rejectAllBut(PATH, option, ['count', 'per']);
  const { count, per = 'all' } = option;
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_COUNT))
    throw invalidOption(`${PATH}.count`, count, `give a whole number from 1 to ${MAX_COUNT}`);
  if (per === 'all' || per === 'name') return { count, per };
  if (!isPlainObject(per)) throw invalidOption(`${PATH}.per`, per, "use 'all', 'name' or { column }");
  rejectAllBut(`${PATH}.per`, per, ['column']);
  const { column } = per;
  if (typeof column === 'string' && column !== '') return { count, per: { column } };
  throw invalidOption(`${PATH}.per.column`, column, 'give the name as the database has it');
}
