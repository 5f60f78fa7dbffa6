import { EVERY, NONE } from '../driver/condition.js';
import type { Condition } from '../driver/table.js';
import { invalidOption } from '../errors.js';
import { FINISHED_JOB_STATES, type JobState } from '../model.js';
import type { ConditionOption } from './conditions.js';
import type { FilterOptions } from './filters.js';
import { type KeepNewest, resolveKeepNewest } from './keep-newest.js';
import type { TimeCodec, TimeColumnOption } from './mapping.js';
import { isPlainObject, resolveCondition } from './resolve-condition.js';
import { ages, type Limits, rejectAllBut, resolveLimits } from './resolve-limits.js';
import { isElsewhere, resolveSign, type Sign } from './sign.js';
import { type TimeColumn, timeColumn } from './time-column.js';

/** Filters with nothing left open: what adapters compile into selectors and guards. */
export interface Filters {
  /** Jobs that may be seen and touched: `EVERY` of them, unless the filters say less. */
  readonly scope: Condition;
  /** Jobs that may not: `NONE` of them, unless the filters say more. */
  readonly exclude: Condition;
  /** The first that has one for a job goes before the others. */
  readonly limitFor: readonly Limits[];
  /** A sign of life in the jobs table. `null`: there is none. */
  readonly ageColumn: TimeColumn | null;
  /** A sign of life in another table. `null`: there is none. */
  readonly sign: Sign | null;
  /** `null`: the end. */
  readonly ageFrom: TimeColumn | null;
  /** `null`: none stays for being new. */
  readonly keepNewest: KeepNewest | null;
  readonly retentionDays: ReadonlyMap<JobState, number>;
}

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
  rejectAllBut('filters', options, [
    'scope',
    'exclude',
    'limitFor',
    'ageColumn',
    'ageFrom',
    'keepNewest',
    'retentionDays',
  ]);
  const { retentionDays = {} } = options;
  rejectAllBut('filters.retentionDays', retentionDays, FINISHED_JOB_STATES);
  const condition = (path: string, option: ConditionOption | undefined, otherwise: Condition) =>
    option === undefined || isEmpty(option)
      ? otherwise
      : resolveCondition(path, option, { key, refuse: invalidOption });
  const time = (name: string, option: TimeColumnOption | undefined) =>
    option === undefined ? null : timeColumn(`filters.${name}`, option, '', defaultCodec);
  return {
    scope: condition('filters.scope', options.scope, EVERY),
    exclude: condition('filters.exclude', options.exclude, NONE),
    limitFor: resolveLimits(options.limitFor),
    ageColumn: isElsewhere(options.ageColumn) ? null : time('ageColumn', options.ageColumn),
    sign: isElsewhere(options.ageColumn)
      ? resolveSign('filters.ageColumn', options.ageColumn, key, defaultCodec)
      : null,
    ageFrom: time('ageFrom', options.ageFrom),
    keepNewest: options.keepNewest === undefined ? null : resolveKeepNewest(options.keepNewest),
    retentionDays: ages('filters.retentionDays', retentionDays, 1) as ReadonlyMap<JobState, number>,
  };
}

const isEmpty = (option: ConditionOption): boolean => isPlainObject(option) && Object.keys(option).length === 0;
