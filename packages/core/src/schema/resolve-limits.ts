import { invalidOption, rejectUnknown } from '../errors.js';
import type { FilterOptions, LimitsOption } from './filters.js';
import { isPlainObject, MAX_VALUES, tooMany } from './resolve-condition.js';

/** The age limits that some jobs have of their own, by the option that names them. */
export type OwnAges = Readonly<Record<keyof typeof LIMITS, ReadonlyMap<string, number>>>;

/** Own limits by the values of one column. */
export interface Limits extends OwnAges {
  /** Where they are given, as a path into the options of the store. */
  readonly path: string;
  /** `null`: the mapped name. */
  readonly column: string | null;
}

/** The limits, with how many of their units a day has. */
const LIMITS = { staleReservationMinutes: 24 * 60, stuckHours: 24, oldDays: 1 } as const;
const RULES = Object.keys(LIMITS) as (keyof typeof LIMITS)[];
const MAX_AGE_DAYS = 36_500;

/** Throws `INVALID_OPTION` with the path of the mistake. */
export function resolveLimits(option: FilterOptions['limitFor'] = []): readonly Limits[] {
  const path = 'filters.limitFor';
  const limits = isList(option)
    ? option.map((each, index) => limitsOf(`${path}[${index}]`, each))
    : [limitsOf(path, option)];
  const columns = limits.map(({ column }) => column);
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined)
    throw invalidOption(path, `two lists by ${twice ?? 'name'}`, 'give all limits by a column together');
  for (const rule of RULES) {
    const values = limits.reduce((sum, each) => sum + each[rule].size, 0);
    if (values > MAX_VALUES) throw tooMany({ refuse: invalidOption }, `${path}.${rule}`, values);
  }
  return limits;
}

function limitsOf(path: string, option: LimitsOption): Limits {
  rejectAllBut(path, option, ['column', ...RULES]);
  const { column = null } = option;
  if (column === '' || (column !== null && typeof column !== 'string'))
    throw invalidOption(`${path}.column`, column, 'give the name as the database has it');
  const limits = (rule: keyof typeof LIMITS) => ages(`${path}.${rule}`, option[rule], LIMITS[rule]);
  return {
    ...{ path, column },
    staleReservationMinutes: limits('staleReservationMinutes'),
    stuckHours: limits('stuckHours'),
    oldDays: limits('oldDays'),
  };
}

/** Ages by what has them. Throws as above. */
export function ages(
  path: string,
  option: { readonly [key: string]: number | undefined } = {},
  unitsOfDay: number,
): Map<string, number> {
  rejectOther(path, option);
  const given = Object.entries(option) as [string, number][];
  const max = MAX_AGE_DAYS * unitsOfDay;
  const wrong = given.find(([, age]) => !(Number.isFinite(age) && age > 0 && age <= max));
  if (wrong !== undefined) {
    throw invalidOption(`${path}.${wrong[0]}`, wrong[1], `give a number above 0 and at most ${max}`);
  }
  return new Map(given);
}

/** Throws `INVALID_OPTION` for what is no object, and for words that it should not have. */
export function rejectAllBut(path: string, option: object, known: readonly string[]): void {
  rejectOther(path, option);
  rejectUnknown(path, option, known);
}

function rejectOther(path: string, option: unknown): void {
  if (!isPlainObject(option)) throw invalidOption(path, option, 'give an object');
}

const isList = (option: FilterOptions['limitFor']): option is readonly LimitsOption[] => Array.isArray(option);
