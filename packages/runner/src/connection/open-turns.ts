import type { ClaimState, CleanupStore } from '@jobsweep/core';
import type { Coordination } from './coordination.js';

/** Whether a turn was given back before its pass was through. */
export const isUnfinished = ({ term, startedAt }: Pick<ClaimState, 'term' | 'startedAt'>): boolean =>
  term > 0 && startedAt === null;

/** The strategies whose last turn did not end, or ended unfinished; none where turns are not claimed. */
export async function openTurns(
  { claims }: Pick<CleanupStore<never>, 'claims'>,
  coordination: Coordination,
  config: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const states = coordination.isActive === true ? await claims.list({ config, signal }) : [];
  return new Set(
    states.filter((state) => state.holder !== null || isUnfinished(state)).map(({ strategy }) => strategy),
  );
}
