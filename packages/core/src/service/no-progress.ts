import type { TurnProgress } from './claims.js';

/** A turn that nobody has begun, or that has not committed anything yet. */
export const NO_PROGRESS: TurnProgress = {
  itemsCleaned: 0,
  itemsFound: 0,
  itemsContended: 0,
  itemsPassedOver: 0,
  itemsBlocked: 0,
  batches: 0,
  place: null,
};
