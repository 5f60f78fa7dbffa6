import type { CleanupStrategy, Logger, StoreInspection } from '@jobsweep/core';
import type { Words } from '../words/words.js';
import { judge } from './judge.js';
import type { BreakerLimits } from './limits.js';

/** The breaker of one pass. A broken clock or scheduler makes everything look due: that must not end a cluster. */
export class Breaker {
  /** What the operator should know: that it tripped, or was overridden, and the figures; `null`: nothing. */
  note: string | null = null;

  constructor(
    private readonly inspect: Pick<StoreInspection, 'totals'>,
    private readonly strategy: Pick<CleanupStrategy<never>, 'name' | 'rule'>,
    private readonly limits: Required<BreakerLimits> | undefined,
    private readonly how: {
      readonly isOverridden: boolean;
      readonly logger: Logger;
      readonly words: Words['reasons'];
    },
  ) {}

  get isOn(): boolean {
    return this.limits !== undefined && this.strategy.rule !== undefined;
  }

  /** Counts, and says whether the pass may write. What it found is logged when it is too much. */
  async admits(signal: AbortSignal): Promise<boolean> {
    const { rule, name } = this.strategy;
    if (this.limits === undefined || rule === undefined) return true;
    const { isOverridden, logger, words } = this.how;
    const { isTripped, figures } = await judge(this.inspect, rule, this.limits, signal, words);
    if (!isTripped) return true;
    this.note = isOverridden ? words.overridden(figures) : words.tripped(figures);
    if (isOverridden) logger.warn(`[${name}] ${this.note}`);
    else logger.error(`[${name}] ${this.note}. Nothing was changed; override it if that is right`);
    return isOverridden;
  }
}
