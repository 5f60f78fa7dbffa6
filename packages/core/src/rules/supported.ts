import { invalidOption } from '../errors.js';
import { type ResourceStatus, UNRELEASED_RESOURCE_STATUSES } from '../model.js';
import { STRATEGY_NAMES, type StrategyName } from '../strategies/names.js';
import { chooses, type MappedParts } from './mapped.js';

/**
 * The strategies that a mapping allows: without allocations nothing can be released, without RESERVED nothing stale. With
 * `scope` or `exclude` nobody can tell whether a job that is gone was one of those.
 */
export function supportedStrategies({
  schema: { allocations },
  filters,
}: Pick<MappedParts, 'schema' | 'filters'>): StrategyName[] {
  const has = (...statuses: ResourceStatus[]) => allocations?.statuses.has(...statuses) ?? false;
  const isSupported: Readonly<Record<StrategyName, boolean>> = {
    completed_job_cleanup: has(...UNRELEASED_RESOURCE_STATUSES),
    stale_reservation_cleanup: has('RESERVED'),
    stuck_job_cleanup: true,
    old_job_cleanup: true,
    orphaned_allocation_cleanup: has(...UNRELEASED_RESOURCE_STATUSES) && !chooses(filters),
  };
  return STRATEGY_NAMES.filter((name) => isSupported[name]);
}

/** Of some strategies those that a mapping allows. Throws `INVALID_OPTION` for a name that is none. */
export function offeredOf(
  mapping: Pick<MappedParts, 'schema' | 'filters'>,
  strategies: readonly StrategyName[],
): StrategyName[] {
  const wrong = strategies.find((name) => !STRATEGY_NAMES.includes(name));
  if (wrong !== undefined) throw invalidOption('strategies', wrong, `use ${STRATEGY_NAMES.join(', ')}`);
  return supportedStrategies(mapping).filter((name) => strategies.includes(name));
}
