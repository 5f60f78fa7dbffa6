import { errorText } from '../error-text.js';
import type { JobsweepError } from '../errors.js';
import type { TurnProgress } from '../service/claims.js';
import type { CleanupResult } from '../strategies/strategy.js';
import type { BlockedRow, PassCounts, PassResult } from './result.js';

/** Blocked rows that a result names. The count goes on; memory does not grow. */
const MAX_BLOCKED_NAMED = 100;

/** Adds up what a pass does. */
export class Tally {
  private itemsCleaned = 0;
  private itemsFound = 0;
  private itemsContended = 0;
  private itemsPassedOver = 0;
  private itemsHolding = 0;
  private itemsUnconfirmed = 0;
  private itemsBlocked = 0;
  private itemsUnknown = 0;
  private batches = 0;
  private readonly blocked: BlockedRow[] = [];

  committed({ itemsCleaned, found, contended, holding = [], rest = [] }: CleanupResult<unknown>): void {
    this.itemsCleaned += itemsCleaned;
    this.itemsContended += contended.length;
    this.itemsPassedOver += found.length - itemsCleaned - contended.length - rest.length;
    this.itemsHolding += holding.length;
    this.batches += 1;
  }

  /** What the counts will be when a batch is committed, of which so many rows were not counted as found before. */
  after(result: CleanupResult<unknown>, newlyFound: number): Omit<TurnProgress, 'place'> {
    const next = Object.assign(new Tally(), this);
    next.found(newlyFound);
    next.committed(result);
    const { itemsUnknown: _, ...progress } = next.counts();
    return progress;
  }

  found(rows: number): void {
    this.itemsFound += rows;
  }

  unconfirmed(rows: number): void {
    this.itemsUnconfirmed += rows;
    this.itemsPassedOver += rows;
  }

  contended(rows: number): void {
    this.itemsContended += rows;
  }

  unknown(rows: number): void {
    this.itemsUnknown += rows;
  }

  block(id: string, error: JobsweepError): void {
    this.itemsBlocked += 1;
    if (this.blocked.length === MAX_BLOCKED_NAMED) return;
    this.blocked.push({ id, code: error.code, message: errorText(error), constraint: error.constraint });
  }

  counts(): PassCounts {
    const { itemsCleaned, itemsFound, itemsContended, itemsPassedOver, itemsBlocked, itemsUnknown, batches } = this;
    return { itemsCleaned, itemsFound, itemsContended, itemsPassedOver, itemsBlocked, itemsUnknown, batches };
  }

  result(end: Omit<PassResult, keyof PassCounts | 'itemsHolding' | 'itemsUnconfirmed' | 'blocked'>): PassResult {
    const { itemsHolding, itemsUnconfirmed, blocked } = this;
    return { ...end, ...this.counts(), itemsHolding, itemsUnconfirmed, blocked };
  }
}
