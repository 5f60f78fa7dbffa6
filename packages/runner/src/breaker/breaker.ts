import type { Logger, Rule, StoreInspection } from '@jobsweep/core';
import type { Words } from '../words/words.js';
import { judge } from './judge.js';
import type { BreakerLimits } from './limits.js';

/** What a breaker looks at, and what it goes by. */
export interface BreakerParts {
  readonly inspect: Pick<StoreInspection, 'totals'>;
  /** Of the strategy. */
  readonly name: string;
  readonly rule: Rule;
  readonly limits: Required<BreakerLimits>;
  /** It only says what it would have stopped. */
  readonly isOverridden: boolean;
  readonly logger: Logger;
  readonly words: Words['reasons'];
}

/** The breaker of one pass. A broken clock or scheduler makes everything look due: that must not end a cluster. */
export class Breaker {
  /** What the operator should know: that it tripped, or was overridden, and the figures; `null`: nothing. */
  note: string | null = null;

  constructor(private readonly parts: BreakerParts) {}

  /** Counts, and says whether the pass may write. What it found is logged when it is too much. */
  async admits(signal: AbortSignal): Promise<boolean> {
    const { inspect, name, rule, limits, isOverridden, logger, words } = this.parts;
    const { isTripped, figures } = await judge(inspect, rule, limits, signal, words);
    if (!isTripped) return true;
    this.note = isOverridden ? words.overridden(figures) : words.tripped(figures);
    if (isOverridden) logger.warn(`[${name}] ${this.note}`);
    else logger.error(`[${name}] ${this.note}. Nothing was changed; override it if that is right`);
    return isOverridden;
  }
}
