import { allOf, anyOf, type Condition, EVERY, isIn, not } from '../driver/condition.js';
import { secondsToMicros } from '../driver/exact.js';
import type { Labels } from '../driver/row.js';
import { invalidOption } from '../errors.js';
import type { OwnAges } from '../schema/resolve-limits.js';
import type { Rule } from '../strategies/rule.js';
import type { Mapped } from './mapped.js';

/** The rules that look at an age, by the filter that gives some jobs a limit of their own. */
export type AgeRule = keyof OwnAges;

const SECONDS = { staleReservationMinutes: 60, stuckHours: 3600, oldDays: 86_400 } as const satisfies Record<
  AgeRule,
  number
>;
const MAX_AGE_SECONDS = 36_500 * SECONDS.oldDays;

/** An age limit in seconds. Throws `INVALID_OPTION` for one that is none. */
export function ageSeconds(rule: AgeRule, field: string, age: number): number {
  const max = MAX_AGE_SECONDS / SECONDS[rule];
  if (age > 0 && age <= max) return age * SECONDS[rule];
  throw invalidOption(field, age, `give a number above 0 and at most ${max}`);
}

/** The same of a purge; `undefined`: whatever their age, those go that are not kept for being new. */
export function oldSeconds({ filters }: Mapped, maxAgeDays: number | null): number | undefined {
  if (maxAgeDays !== null) return ageSeconds('oldDays', 'maxAgeDays', maxAgeDays);
  if (filters.keepNewest !== null) return undefined;
  throw invalidOption('maxAgeDays', null, 'give a number of days, or say in filters.keepNewest how many jobs stay');
}

/** The age limit of a rule in seconds; 0 where it looks at no age. Throws as above. */
export function ageOf(rule: Exclude<Rule, { readonly name: 'old_job_cleanup' }>): number {
  switch (rule.name) {
    case 'completed_job_cleanup':
      return rule.settleSeconds === undefined ? 0 : settleSecondsOf(rule.settleSeconds);
    case 'stale_reservation_cleanup':
      return ageSeconds('staleReservationMinutes', 'maxAgeMinutes', rule.maxAgeMinutes);
    case 'stuck_job_cleanup':
      return ageSeconds('stuckHours', 'maxAgeHours', rule.maxAgeHours);
    case 'waiting_job_cleanup':
      return ageSeconds('oldDays', 'maxAgeDays', rule.maxAgeDays);
    case 'orphaned_allocation_cleanup':
      return ageSeconds('staleReservationMinutes', 'maxAgeMinutes', rule.maxAgeMinutes);
  }
}

/** How long a finished job keeps what it holds. Throws as above. */
function settleSecondsOf(settleSeconds: number): number {
  if (Number.isFinite(settleSeconds) && settleSeconds >= 0 && settleSeconds <= MAX_AGE_SECONDS) return settleSeconds;
  throw invalidOption('settleSeconds', settleSeconds, `give a number from 0 to ${MAX_AGE_SECONDS}`);
}

/** Before when a job has to have ended; `undefined`: whenever. */
export function settledBefore(now: bigint, settleSeconds = 0): bigint | undefined {
  const seconds = settleSecondsOf(settleSeconds);
  return seconds === 0 ? undefined : horizonOf(now, seconds);
}

/** The instant that is so long ago. */
export const horizonOf = (now: bigint, seconds: number): bigint => now - secondsToMicros(seconds);

/**
 * Since when a stuck job has shown no sign of life, where that is asked besides its age. Throws `INVALID_OPTION` for a time that
 * is none, and where nothing is mapped that could tell.
 */
export function silentSinceOf(now: bigint, { filters }: Mapped, silentMinutes: number | undefined): bigint | undefined {
  if (silentMinutes === undefined) return undefined;
  const seconds = ageSeconds('staleReservationMinutes', 'silentMinutes', silentMinutes);
  if (filters.ageColumn !== null || filters.sign !== null) return horizonOf(now, seconds);
  throw invalidOption('silentMinutes', silentMinutes, 'name a sign of life in filters.ageColumn, or leave it out');
}

/** The label that tells the limit of a job. */
export const LIMIT = 'limit';

/** A limit that goes before the strategy's, of the jobs that meet a condition. */
interface OwnLimit {
  readonly when: Condition;
  readonly seconds: number;
}

/** The limits that jobs have of their own: by one column, or else by another, or by state. No two of one list apply to the same job. */
export class OwnLimits {
  private readonly byColumn: readonly (readonly OwnLimit[])[];
  private readonly byState: readonly OwnLimit[];

  constructor(
    { filters, jobs }: Mapped,
    private readonly rule: AgeRule,
  ) {
    this.byColumn = filters.limitFor.map(({ column, [rule]: ages }) => {
      const valuesByAge = new Map<number, string[]>();
      for (const [value, age] of ages) valuesByAge.set(age, [...(valuesByAge.get(age) ?? []), value]);
      return [...valuesByAge].map(([age, values]) => ({
        when: isIn(column ?? jobs.columns.name, values),
        seconds: age * SECONDS[rule],
      }));
    });
    this.byState =
      rule === 'oldDays'
        ? [...filters.retentionDays].map(([state, days]) => ({
            when: jobs.states.in(state),
            seconds: days * SECONDS.oldDays,
          }))
        : [];
  }

  /** Names the limit that a job has by its columns, in seconds. */
  get labels(): Labels | undefined {
    const limits = this.byColumn.flat();
    if (limits.length === 0) return undefined;
    return { [LIMIT]: limits.map(({ when, seconds }) => ({ when, label: String(seconds) })) };
  }

  /** The label of a job of which only the name is known; `undefined`: the name does not tell. */
  labelOf(name: string, { filters }: Mapped): string | null | undefined {
    const limits = filters.limitFor.filter(({ [this.rule]: ages }) => ages.size > 0);
    if (limits.some(({ column }) => column !== null)) return undefined;
    const age = limits[0]?.[this.rule].get(name);
    return age === undefined ? null : String(age * SECONDS[this.rule]);
  }

  /**
   * Whether a row is over the limit of its job: the job's own, or `otherwise`. Without a limit for the others, these pass.
   *
   * @param otherwise seconds, or what has to hold of jobs without a limit of their own.
   * @param isOlder whether the row is older than some seconds.
   * @param job puts a condition on the job of the row.
   */
  isOver(
    otherwise: number | Condition | undefined,
    isOlder: (seconds: number) => Condition,
    job: (condition: Condition) => Condition,
  ): Condition {
    const others = typeof otherwise === 'number' ? isOlder(otherwise) : (otherwise ?? EVERY);
    const lists = [...this.byColumn, this.byState];
    const limits = lists.flat();
    if (limits.length === 0) return others;
    const firstOf = (own: readonly OwnLimit[], rest: Condition): Condition => {
      if (own.length === 0) return rest;
      const theirs = own.map(({ when, seconds }) => allOf(job(when), isOlder(seconds)));
      return anyOf(...theirs, allOf(not(job(anyOf(...own.map(({ when }) => when)))), rest));
    };
    const exact = lists.reduceRight((rest, own) => firstOf(own, rest), others);
    if (typeof otherwise !== 'number') return exact;
    // An index can help with one horizon, not with one for each job: it is given that of the shortest limit.
    return allOf(isOlder(Math.min(otherwise, ...limits.map(({ seconds }) => seconds))), exact);
  }
}
