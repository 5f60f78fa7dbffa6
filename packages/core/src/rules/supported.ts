import { isEvery, isNone } from '../driver/condition.js';
import { invalidOption, JobsweepError } from '../errors.js';
import { type ResourceStatus, UNRELEASED_RESOURCE_STATUSES } from '../model.js';
import type { Schema } from '../schema/resolve.js';
import type { Filters } from '../schema/resolve-filters.js';
import type { States } from '../schema/states.js';
import { STRATEGY_NAMES, type StrategyName } from '../strategies/names.js';

/** What decides which strategies there can be. */
interface Supporting {
  readonly schema: Schema;
  readonly filters: Filters;
}

/** Whether filters leave some jobs out. */
export const chooses = ({ scope, exclude }: Filters): boolean => !isEvery(scope) || !isNone(exclude);

/**
 * The strategies that a mapping allows: without allocations nothing can be released, without RESERVED, or a time of theirs,
 * nothing is stale, without an end nothing is old, without the time when it was queued nothing waits for too long, and what
 * cannot be written is not. With `scope` or `exclude` nobody can tell whether a job that is gone was one of those.
 */
export function supportedStrategies({ schema: { jobs, allocations }, filters }: Supporting): StrategyName[] {
  const has = (...statuses: ResourceStatus[]) => allocations?.statuses.has(...statuses) ?? false;
  const isDated = allocations !== null && allocations.columns.allocationTime !== null;
  const releases = allocations?.statuses.canWrite('RELEASED') ?? true;
  const fails = jobs.states.canWrite('FAILED') && releases;
  const isSupported: Readonly<Record<StrategyName, boolean>> = {
    completed_job_cleanup: has(...UNRELEASED_RESOURCE_STATUSES) && releases,
    stale_reservation_cleanup: has('RESERVED') && isDated && fails,
    stuck_job_cleanup: fails,
    waiting_job_cleanup:
      fails &&
      jobs.columns.createdTime !== null &&
      jobs.states.has('PENDING') &&
      jobs.states.isLeft('PENDING', 'FAILED'),
    old_job_cleanup: filters.ageFrom !== null || hasEnd(jobs.columns.endTime.length, filters),
    orphaned_allocation_cleanup: has(...UNRELEASED_RESOURCE_STATUSES) && releases && isDated && !chooses(filters),
  };
  return STRATEGY_NAMES.filter((name) => isSupported[name]);
}

/** Those that are kept for being new are told by the end in one column. */
const hasEnd = (columns: number, { keepNewest }: Filters): boolean =>
  columns > 0 && (keepNewest === null || columns === 1);

/** The error for an operation that needs more than what is mapped: names the strategies that do without. */
export const unsupported = (mapping: Supporting, problem: string): JobsweepError =>
  new JobsweepError('UNSUPPORTED_SCHEMA', `${problem}. What remains: ${supportedStrategies(mapping).join(', ')}.`);

/** Throws `UNSUPPORTED_SCHEMA` where a state cannot be written. */
export function requireWritable<State extends string>(
  mapping: Supporting,
  states: Pick<States<State>, 'canWrite' | 'place'>,
  state: State,
): void {
  if (states.canWrite(state)) return;
  throw unsupported(mapping, `${states.place.path}.${state}.set is null, and this operation writes that state`);
}

/** Of some strategies those that a mapping allows. Throws `INVALID_OPTION` for a name that is none. */
export function offeredOf(mapping: Supporting, strategies: readonly StrategyName[]): StrategyName[] {
  const wrong = strategies.find((name) => !STRATEGY_NAMES.includes(name));
  if (wrong !== undefined) throw invalidOption('strategies', wrong, `use ${STRATEGY_NAMES.join(', ')}`);
  return supportedStrategies(mapping).filter((name) => strategies.includes(name));
}
