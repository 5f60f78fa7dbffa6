import { invalidOption, rejectUnknown } from '../errors.js';
import { FINISHED_JOB_STATES, type JobState } from '../model.js';
import type { ColumnFilter, FilterOptions, FilterValue } from './filters.js';
import type { TimeCodec } from './mapping.js';
import { type TimeColumn, timeColumn } from './resolve.js';

/** One condition of a filter: the column has any of `values`. */
export interface ColumnValues {
  readonly column: string;
  readonly values: readonly FilterValue[];
}

/** Filters with nothing left open: what adapters compile into selectors and guards. */
export interface Filters {
  /** All of these hold. */
  readonly scope: readonly ColumnValues[];
  /** None of these holds. */
  readonly exclude: {
    readonly ids: readonly string[];
    readonly names: readonly string[];
    readonly columns: readonly ColumnValues[];
  };
  readonly limitFor: {
    readonly staleReservationMinutes: ReadonlyMap<string, number>;
    readonly stuckHours: ReadonlyMap<string, number>;
    readonly oldDays: ReadonlyMap<string, number>;
  };
  /** `null`: the start time. */
  readonly ageColumn: TimeColumn | null;
  readonly retentionDays: ReadonlyMap<JobState, number>;
}

/** Values, ids or names in one list: all of them are bound in every statement. */
const MAX_VALUES = 1000;
/** The limits, with how many of their units a day has. */
const LIMITS = { staleReservationMinutes: 24 * 60, stuckHours: 24, oldDays: 1 } as const;
const MAX_AGE_DAYS = 36_500;

/**
 * Fills in the defaults and checks the filters. Throws `INVALID_OPTION` with the path of the mistake.
 *
 * @param defaultCodec the codec of an `ageColumn` that is given by its name alone.
 */
export function resolveFilters(options: FilterOptions = {}, defaultCodec: TimeCodec = 'instant'): Filters {
  rejectAllBut('filters', options, ['scope', 'exclude', 'limitFor', 'ageColumn', 'retentionDays']);
  const { exclude = {}, limitFor = {}, retentionDays = {} } = options;
  rejectAllBut('filters.exclude', exclude, ['ids', 'names', 'columns']);
  rejectAllBut('filters.limitFor', limitFor, Object.keys(LIMITS));
  rejectAllBut('filters.retentionDays', retentionDays, FINISHED_JOB_STATES);
  const limits = (key: keyof typeof LIMITS) => ages(`filters.limitFor.${key}`, limitFor[key], LIMITS[key]);
  return {
    scope: columnFilter('filters.scope', options.scope),
    exclude: {
      ids: texts('filters.exclude.ids', exclude.ids),
      names: texts('filters.exclude.names', exclude.names),
      columns: columnFilter('filters.exclude.columns', exclude.columns),
    },
    limitFor: {
      staleReservationMinutes: limits('staleReservationMinutes'),
      stuckHours: limits('stuckHours'),
      oldDays: limits('oldDays'),
    },
    ageColumn:
      options.ageColumn === undefined ? null : timeColumn('filters.ageColumn', options.ageColumn, '', defaultCodec),
    retentionDays: ages('filters.retentionDays', retentionDays, 1) as ReadonlyMap<JobState, number>,
  };
}

function columnFilter(path: string, option: ColumnFilter = {}): ColumnValues[] {
  rejectOther(path, option);
  return Object.entries(option).map(([column, value]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const field = `${path}.${column}`;
    if (values.length === 0) throw invalidOption(field, value, 'name at least one value');
    if (values.length > MAX_VALUES) throw tooMany(field, values.length);
    const wrong = values.filter((each) => !isFilterValue(each));
    if (wrong.length > 0) throw invalidOption(field, wrong[0], 'give a text, a finite number, a boolean or null');
    return { column, values: values as FilterValue[] };
  });
}

function isFilterValue(value: unknown): value is FilterValue {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

function texts(path: string, option: readonly string[] = []): readonly string[] {
  if (!Array.isArray(option)) throw invalidOption(path, option, 'give a list of texts');
  const given: readonly unknown[] = option;
  const wrong = given.filter((each) => typeof each !== 'string');
  if (wrong.length > 0) throw invalidOption(path, wrong[0], 'give texts');
  if (given.length > MAX_VALUES) throw tooMany(path, given.length);
  return given as readonly string[];
}

function ages(
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
  if (given.length > MAX_VALUES) throw tooMany(path, given.length);
  return new Map(given);
}

function tooMany(path: string, count: number) {
  const fix = `give at most ${MAX_VALUES}, or mark those jobs in a column and filter by it`;
  return invalidOption(path, `${count} values`, fix);
}

/** Throws for anything but an object of options: a `Map` or a list would pass for one that is empty. */
function rejectOther(path: string, option: unknown): void {
  const isObject =
    typeof option === 'object' && option !== null && Object.prototype.toString.call(option) === '[object Object]';
  if (!isObject) throw invalidOption(path, option, 'give an object');
}

function rejectAllBut(path: string, option: object, known: readonly string[]): void {
  rejectOther(path, option);
  rejectUnknown(path, option, known);
}
