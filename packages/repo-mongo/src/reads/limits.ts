import type { Filters, TimeColumn } from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { all, type Condition, isAnyOf, isBefore } from './conditions.js';

/** The rules that look at an age, by the option that gives some jobs a limit of their own. */
export type AgeRule = keyof Filters['limitFor'];

const UNIT_MS: Readonly<Record<AgeRule, number>> = {
  staleReservationMinutes: 60_000,
  stuckHours: 3_600_000,
  oldDays: 86_400_000,
};

/** A limit that goes before the strategy's. Of several, the first that applies to a job is the job's. */
interface OwnLimit {
  readonly field: 'name' | 'state';
  readonly values: readonly (string | number)[];
  readonly maxAgeMs: number;
}

/** Where the fields of a rule are: those of the job, and the time that the rule looks at. */
interface Place {
  /** What comes before the fields of a job. */
  readonly job: string;
  readonly time: string;
}

/** The time by which a running job is stuck. */
export function ageTime({ filters, jobs }: Mapping): TimeColumn {
  return filters.ageColumn ?? jobs.fields.startTime;
}

/** The time that a rule looks at. */
export function timeOf(mapping: Mapping, rule: AgeRule): TimeColumn {
  if (rule === 'staleReservationMinutes') return allocationsOf(mapping).fields.allocationTime;
  return rule === 'stuckHours' ? ageTime(mapping) : mapping.jobs.fields.endTime;
}

/** The horizon that comes last, which no row that is due is past: what an index can be asked for. */
export function lastHorizonMs(mapping: Mapping, rule: AgeRule, nowMs: number, maxAgeMs: number): number {
  return nowMs - Math.min(maxAgeMs, ...ownLimits(mapping, rule).map((limit) => limit.maxAgeMs));
}

/**
 * Whether a row is over the limit of its job: the job's own, or `maxAgeMs`. Without a limit for the others, these pass.
 * No condition where no job has a limit of its own: `lastHorizonMs` says all then.
 */
export function isOverOwnLimit(
  mapping: Mapping,
  rule: AgeRule,
  { job, time }: Place,
  nowMs: number,
  maxAgeMs?: number,
): Condition {
  const column = timeOf(mapping, rule);
  const limits = ownLimits(mapping, rule);
  if (limits.length === 0) return {};
  const applies = ({ field, values }: OwnLimit) => isAnyOf(`${job}${mapping.jobs.fields[field]}`, values);
  const branches = limits.map((limit, index) => {
    const earlier = limits
      .slice(0, index)
      .filter(({ field }) => field !== limit.field)
      .map(applies);
    return all(
      applies(limit),
      earlier.length > 0 ? { $nor: earlier } : {},
      isBefore(time, column, nowMs - limit.maxAgeMs),
    );
  });
  const others = all(
    { $nor: limits.map(applies) },
    maxAgeMs === undefined ? {} : isBefore(time, column, nowMs - maxAgeMs),
  );
  return { $or: [...branches, others] };
}

/** The limit that a job of this name has of its own, in milliseconds. */
export function ownReservationLimitMs({ filters }: Mapping, name: string): number | undefined {
  const minutes = filters.limitFor.staleReservationMinutes.get(name);
  return minutes === undefined ? undefined : minutes * UNIT_MS.staleReservationMinutes;
}

/** Whether a job has the limit it had when it was read under the name `given`: a renamed one may have another. */
export function sameLimit({ filters }: Mapping, rule: AgeRule, given: string, now: string): boolean {
  const limits = filters.limitFor[rule];
  return limits.get(given) === limits.get(now);
}

function ownLimits({ filters, jobs }: Mapping, rule: AgeRule): OwnLimit[] {
  const namesByAge = new Map<number, string[]>();
  for (const [name, age] of filters.limitFor[rule]) namesByAge.set(age, [...(namesByAge.get(age) ?? []), name]);
  const byName = [...namesByAge].map(
    ([age, values]): OwnLimit => ({ field: 'name', values, maxAgeMs: age * UNIT_MS[rule] }),
  );
  if (rule !== 'oldDays') return byName;
  const byState = [...filters.retentionDays].map(
    ([state, days]): OwnLimit => ({ field: 'state', values: jobs.states.rawOf(state), maxAgeMs: days * UNIT_MS[rule] }),
  );
  return [...byName, ...byState];
}
