import type { Holding } from '../cluster/rows.js';
import type { Survivors } from '../damage/apply.js';
import { SURVIVOR_KINDS, type SurvivorKind } from '../damage/plan.js';
import { addHealth, type Health, NOTHING } from './health.js';

/** The cluster at one moment. */
export interface State {
  readonly health: Health;
  /** How many jobs of each kind are there that must survive, unchanged like all that they hold. */
  readonly survivors: Readonly<Record<SurvivorKind, number>>;
}

/** Counts a cluster, job by job, as of a time. */
export class StateCount {
  private health = NOTHING;
  private readonly survivors = { healthy: 0, fresh: 0, sibling: 0, requeued: 0 };
  private readonly kinds: ReadonlyMap<number, SurvivorKind>;

  constructor(
    private readonly at: number,
    survivors: Survivors,
  ) {
    this.kinds = new Map(SURVIVOR_KINDS.flatMap((kind) => survivors[kind].map((id) => [id, kind] as const)));
  }

  add(holding: Holding, isUnchanged: boolean): void {
    this.health = addHealth(this.health, holding, this.at);
    const kind = this.kinds.get(holding.jobId);
    if (kind !== undefined && isUnchanged) this.survivors[kind] += 1;
  }

  get state(): State {
    return { health: this.health, survivors: { ...this.survivors } };
  }
}
