import { type CleanupStrategy, JobsweepError } from '@jobsweep/core';

type Ordered = Pick<CleanupStrategy<never>, 'name' | 'metadata'>;

/**
 * Strategies in the order they run: after all that they depend on, then by priority, then by name.
 *
 * @param unsupported strategies that the tables do not allow: nobody needs to wait for one of these.
 *
 * Throws `DUPLICATE_STRATEGY`, `UNKNOWN_DEPENDENCY` or `CIRCULAR_DEPENDENCY`; the message names the culprits.
 */
export function inOrder<Strategy extends Ordered>(
  strategies: readonly Strategy[],
  unsupported: readonly string[] = [],
): Strategy[] {
  const byName = new Map<string, Strategy>();
  for (const strategy of strategies) {
    if (byName.has(strategy.name)) {
      throw new JobsweepError('DUPLICATE_STRATEGY', `Two strategies are named ${strategy.name}. Rename one of them.`);
    }
    byName.set(strategy.name, strategy);
  }
  for (const { name, metadata } of strategies) {
    const unknown = metadata.dependsOn.find(
      (dependency) => !byName.has(dependency) && !unsupported.includes(dependency),
    );
    if (unknown === undefined) continue;
    const known = [...byName.keys()].join(', ');
    const message = `${name} depends on ${unknown}, which is not among the strategies: ${known}. Add it or drop the dependency.`;
    throw new JobsweepError('UNKNOWN_DEPENDENCY', message);
  }

  const ordered: Strategy[] = [];
  const waiting = [...strategies].sort(byPriorityThenName);
  while (waiting.length > 0) {
    const ready = waiting.findIndex(({ metadata }) =>
      metadata.dependsOn.every(
        (dependency) => !byName.has(dependency) || ordered.some(({ name }) => name === dependency),
      ),
    );
    if (ready === -1) throw circular(waiting);
    ordered.push(...waiting.splice(ready, 1));
  }
  return ordered;
}

function byPriorityThenName(one: Ordered, other: Ordered): number {
  return one.metadata.priority - other.metadata.priority || (one.name < other.name ? -1 : 1);
}

/** Follows unmet dependencies from any strategy that waits until one comes round again: that is a cycle. */
function circular(waiting: readonly Ordered[]): JobsweepError {
  const path: string[] = [];
  let next = waiting[0];
  while (next !== undefined && !path.includes(next.name)) {
    path.push(next.name);
    const { dependsOn } = next.metadata;
    next = waiting.find(({ name }) => dependsOn.includes(name));
  }
  const cycle = [...path.slice(path.indexOf(next?.name ?? '')), next?.name].join(' -> ');
  return new JobsweepError('CIRCULAR_DEPENDENCY', `The strategies depend on each other: ${cycle}. Drop one of these.`);
}
