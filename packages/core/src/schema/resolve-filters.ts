import { invalidOption } from '../errors.js';
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
const LIMITS = ['staleReservationMinutes', 'stuckHours', 'oldDays'] as const;

/**
 * Fills in the defaults and checks the filters. Throws `INVALID_OPTION` with the path of the mistake.
 *
 * @param defaultCodec the codec of an `ageColumn` that is given by its name alone.
 */
export function resolveFilters(options: FilterOptions = {}, defaultCodec: TimeCodec = 'instant'): Filters {
  rejectUnknown('filters', options, ['scope', 'exclude', 'limitFor', 'ageColumn', 'retentionDays']);
  const { exclude = {}, limitFor = {}, retentionDays = {} } = options;
  rejectUnknown('filters.exclude', exclude, ['ids', 'names', 'columns']);
  rejectUnknown('filters.limitFor', limitFor, LIMITS);
  rejectUnknown('filters.retentionDays', retentionDays, FINISHED_JOB_STATES);
  return {
    scope: columnFilter('filters.scope', options.scope),
    exclude: {
      ids: texts('filters.exclude.ids', exclude.ids),
      names: texts('filters.exclude.names', exclude.names),
      columns: columnFilter('filters.exclude.columns', exclude.columns),
    },
    limitFor: {
      staleReservationMinutes: ages('filters.limitFor.staleReservationMinutes', limitFor.staleReservationMinutes),
      stuckHours: ages('filters.limitFor.stuckHours', limitFor.stuckHours),
      oldDays: ages('filters.limitFor.oldDays', limitFor.oldDays),
    },
    ageColumn:
      options.ageColumn === undefined ? null : timeColumn('filters.ageColumn', options.ageColumn, '', defaultCodec),
    retentionDays: ages('filters.retentionDays', retentionDays) as ReadonlyMap<JobState, number>,
  };
}

function columnFilter(path: string, option: ColumnFilter = {}): ColumnValues[] {
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

function ages(path: string, option: { readonly [key: string]: number | undefined } = {}): Map<string, number> {
  const given = Object.entries(option) as [string, number][];
  const wrong = given.find(([, age]) => !(Number.isFinite(age) && age > 0));
  if (wrong !== undefined) throw invalidOption(`${path}.${wrong[0]}`, wrong[1], 'give a number above 0');
  if (given.length > MAX_VALUES) throw tooMany(path, given.length);
  return new Map(given);
}

function tooMany(path: string, count: number) {
  const fix = `give at most ${MAX_VALUES}, or mark those jobs in a column and filter by it`;
  return invalidOption(path, `${count} values`, fix);
}

function rejectUnknown(path: string, option: object, known: readonly string[]): void {
  const wrong = Object.keys(option).find((key) => !known.includes(key));
  if (wrong !== undefined) throw invalidOption(`${path}.${wrong}`, wrong, `use ${known.join(', ')}`);
}
