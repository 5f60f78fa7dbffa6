import { EVERY, NONE } from '../driver/condition.js';
import type { Condition } from '../driver/table.js';
import { invalidOption, rejectUnknown } from '../errors.js';
import { FINISHED_JOB_STATES, type JobState } from '../model.js';
import type { ConditionOption } from './conditions.js';
import type { FilterOptions } from './filters.js';
import type { TimeCodec, TimeColumnOption } from './mapping.js';
import { isPlainObject, MAX_VALUES, resolveCondition, tooMany } from './resolve-condition.js';
import { isElsewhere, resolveSign, type Sign } from './sign.js';
import { type TimeColumn, timeColumn } from './time-column.js';

/** Filters with nothing left open: what adapters compile into selectors and guards. */
export interface Filters {
  /** Jobs that may be seen and touched: `EVERY` of them, unless the filters say less. */
  readonly scope: Condition;
  /** Jobs that may not: `NONE` of them, unless the filters say more. */
  readonly exclude: Condition;
  readonly limitFor: {
    readonly staleReservationMinutes: ReadonlyMap<string, number>;
    readonly stuckHours: ReadonlyMap<string, number>;
    readonly oldDays: ReadonlyMap<string, number>;
  };
  /** A sign of life in the jobs table. `null`: there is none. */
  readonly ageColumn: TimeColumn | null;
  /** A sign of life in another table. `null`: there is none. */
  readonly sign: Sign | null;
  /** `null`: the end. */
  readonly retentionColumn: TimeColumn | null;
  readonly retentionDays: ReadonlyMap<JobState, number>;
}

/** The limits, with how many of their units a day has. */
const LIMITS = { staleReservationMinutes: 24 * 60, stuckHours: 24, oldDays: 1 } as const;
const MAX_AGE_DAYS = 36_500;

/**
 * Fills in the defaults and checks the filters. Throws `INVALID_OPTION` with the path of the mistake.
 *
 * @param jobs the key of the jobs, which conditions on other tables lead to.
 * @param defaultCodec the codec of a time column that is given by its name alone.
 */
export function resolveFilters(
  options: FilterOptions = {},
  { key }: { readonly key: readonly string[] } = { key: ['id'] },
  defaultCodec: TimeCodec = 'instant',
): Filters {
  rejectAllBut('filters', options, ['scope', 'exclude', 'limitFor', 'ageColumn', 'retentionColumn', 'retentionDays']);
  const { limitFor = {}, retentionDays = {} } = options;
  rejectAllBut('filters.limitFor', limitFor, Object.keys(LIMITS));
  rejectAllBut('filters.retentionDays', retentionDays, FINISHED_JOB_STATES);
  const limits = (key: keyof typeof LIMITS) => ages(`filters.limitFor.${key}`, limitFor[key], LIMITS[key]);
  const condition = (path: string, option: ConditionOption | undefined, otherwise: Condition) =>
    option === undefined || isEmpty(option)
      ? otherwise
      : resolveCondition(path, option, { key, refuse: invalidOption });
  const time = (name: string, option: TimeColumnOption | undefined) =>
    option === undefined ? null : timeColumn(`filters.${name}`, option, '', defaultCodec);
  return {
    scope: condition('filters.scope', options.scope, EVERY),
    exclude: condition('filters.exclude', options.exclude, NONE),
    limitFor: {
      staleReservationMinutes: limits('staleReservationMinutes'),
      stuckHours: limits('stuckHours'),
      oldDays: limits('oldDays'),
    },
    ageColumn: isElsewhere(options.ageColumn) ? null : time('ageColumn', options.ageColumn),
    sign: isElsewhere(options.ageColumn)
      ? resolveSign('filters.ageColumn', options.ageColumn, key, defaultCodec)
      : null,
    retentionColumn: time('retentionColumn', options.retentionColumn),
    retentionDays: ages('filters.retentionDays', retentionDays, 1) as ReadonlyMap<JobState, number>,
  };
}

const isEmpty = (option: ConditionOption): boolean => isPlainObject(option) && Object.keys(option).length === 0;

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
  if (given.length > MAX_VALUES) throw tooMany({ refuse: invalidOption }, path, given.length);
  return new Map(given);
}

function rejectOther(path: string, option: unknown): void {
  if (!isPlainObject(option)) throw invalidOption(path, option, 'give an object');
}

function rejectAllBut(path: string, option: object, known: readonly string[]): void {
  rejectOther(path, option);
  rejectUnknown(path, option, known);
}
