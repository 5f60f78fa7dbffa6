import type { Filters, TimeColumn } from '@jobsweep/core';
import type { Knex } from 'knex';
import { columnRef } from '../rows/identifiers.js';
import { allocationsOf, type Tables } from '../rows/tables.js';

/** The rules that look at an age, by the option that gives some jobs a limit of their own. */
export type AgeRule = keyof Filters['limitFor'];

const UNIT_SECONDS: Readonly<Record<AgeRule, number>> = {
  staleReservationMinutes: 60,
  stuckHours: 3600,
  oldDays: 86_400,
};

/** A limit that goes before the strategy's. Of several, the first that applies to a job is the job's. */
interface OwnLimit {
  readonly applies: Knex.Raw;
  readonly maxAgeSeconds: number;
}

/** The time by which a running job is stuck. */
export function ageTime({ filters, schema }: Tables): TimeColumn {
  return filters.ageColumn ?? schema.jobs.columns.startTime;
}

/**
 * Whether the row under an alias is over the limit of its job: the job's own, or `maxAgeSeconds`. The job of a
 * reservation is `j`.
 */
export function isOverAge(build: Knex, tables: Tables, rule: AgeRule, alias: string, maxAgeSeconds: number): Knex.Raw {
  const isBefore = beforeHorizon(build, tables, rule, alias);
  const limits = ownLimits(build, tables, rule, alias);
  if (limits.length === 0) return isBefore(maxAgeSeconds);
  // An index can help with one horizon, not with one for each job: it is given that of the shortest limit.
  const shortest = Math.min(maxAgeSeconds, ...limits.map((limit) => limit.maxAgeSeconds));
  return build.raw('(? and ?)', [
    isBefore(shortest),
    firstThatApplies(build, limits, isBefore, isBefore(maxAgeSeconds)),
  ]);
}

/** The same without a limit for the other jobs: these pass. No condition where no job has a limit of its own. */
export function isOverOwnLimit(build: Knex, tables: Tables, rule: AgeRule, alias: string): Knex.Raw[] {
  const limits = ownLimits(build, tables, rule, alias);
  if (limits.length === 0) return [];
  return [firstThatApplies(build, limits, beforeHorizon(build, tables, rule, alias), build.raw('1 = 1'))];
}

/** The exact text of the horizon of the reservations of job `j`; NULL where it has no limit of its own. */
export function ownReservationHorizon(build: Knex, tables: Tables): Knex.Raw {
  const { codec } = allocationsOf(tables).columns.allocationTime;
  const limits = ownLimits(build, tables, 'staleReservationMinutes', 'a');
  if (limits.length === 0) return build.raw('null');
  const horizon = (maxAgeSeconds: number) => tables.dialect.horizonText(build, codec, maxAgeSeconds);
  return firstThatApplies(build, limits, horizon, build.raw('null'));
}

/** Whether a job has the limit it had when it was read under the name `given`: a renamed one may have another. */
export function sameLimit({ filters }: Tables, rule: AgeRule, given: string, now: string | null): boolean {
  const limits = filters.limitFor[rule];
  return limits.get(given) === limits.get(now ?? '');
}

function beforeHorizon(build: Knex, tables: Tables, rule: AgeRule, alias: string) {
  const time = timeOf(tables, rule);
  return (maxAgeSeconds: number) => tables.dialect.isBeforeHorizon(build, alias, time, maxAgeSeconds);
}

function timeOf(tables: Tables, rule: AgeRule): TimeColumn {
  switch (rule) {
    case 'staleReservationMinutes':
      return allocationsOf(tables).columns.allocationTime;
    case 'stuckHours':
      return ageTime(tables);
    case 'oldDays':
      return tables.schema.jobs.columns.endTime;
  }
}

function ownLimits(build: Knex, { dialect, filters, schema }: Tables, rule: AgeRule, alias: string): OwnLimit[] {
  const { columns, states } = schema.jobs;
  const job = rule === 'staleReservationMinutes' ? 'j' : alias;
  const unit = UNIT_SECONDS[rule];
  const namesByAge = new Map<number, string[]>();
  for (const [name, age] of filters.limitFor[rule]) namesByAge.set(age, [...(namesByAge.get(age) ?? []), name]);
  const byName = [...namesByAge].map(([age, names]) => ({
    applies: dialect.isExactly(build, columnRef(build, job, columns.name), names),
    maxAgeSeconds: age * unit,
  }));
  if (rule !== 'oldDays') return byName;
  const byState = [...filters.retentionDays].map(([state, days]) => ({
    applies: dialect.isAnyOf(build, columnRef(build, job, columns.state), states.rawOf(state)),
    maxAgeSeconds: days * unit,
  }));
  return [...byName, ...byState];
}

function firstThatApplies(
  build: Knex,
  limits: readonly OwnLimit[],
  then: (maxAgeSeconds: number) => Knex.Raw,
  otherwise: Knex.Raw,
): Knex.Raw {
  const branches = limits.map(() => 'when ? then ?').join(' ');
  const values = limits.flatMap(({ applies, maxAgeSeconds }) => [applies, then(maxAgeSeconds)]);
  return build.raw(`(case ${branches} else ? end)`, [...values, otherwise]);
}
