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
  /** Uses up what an operator has approved, and says how many rows that are; 0: nothing was. */
  readonly useApproval: () => Promise<number>;
  readonly logger: Logger;
  readonly words: Words['reasons'];
}

/** The breaker of one pass. A broken clock or scheduler makes everything look due: that must not end a cluster. */
export class Breaker {
  /** What the operator should know: that it tripped, was overridden or approved, and the figures; `null`: nothing. */
  note: string | null = null;
  /** Rows that were due where it stopped the pass; 0: it did not. */
  trippedRows = 0;

  constructor(private readonly parts: BreakerParts) {}

  /** Counts, and says whether the pass may write, or how many rows. What it found is logged when it is too much. */
  async admits(signal: AbortSignal): Promise<boolean | number> {
    const { inspect, name, rule, limits, isOverridden, useApproval, logger, words } = this.parts;
    const { isTripped, due, figures } = await judge(inspect, rule, limits, signal, words);
    if (!isTripped) return true;
    const approvedRows = isOverridden ? 0 : await useApproval();
    if (isOverridden || approvedRows > 0) {
      this.note = isOverridden ? words.overridden(figures) : words.approved(approvedRows, figures);
      logger.warn(`[${name}] ${this.note}`);
      return isOverridden || approvedRows;
    }
    this.trippedRows = due;
    this.note = words.tripped(figures);
    logger.error(`[${name}] ${this.note}. Nothing was changed; approve or override it if that is right`);
    return false;
  }
}
