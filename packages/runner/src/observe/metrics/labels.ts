import { ERROR_CODES, isJobsweepError, type PassCounts, type StopReason } from '@jobsweep/core';
import type { StrategyStatus } from '../../turn/report.js';

/** `rowBudget` as Prometheus spells it: `row_budget`. */
export const labelOf = (value: string): string => value.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What becomes of the rows that a pass finds due. */
export const OUTCOMES = {
  cleaned: 'itemsCleaned',
  contended: 'itemsContended',
  passed_over: 'itemsPassedOver',
  blocked: 'itemsBlocked',
  unknown: 'itemsUnknown',
} as const satisfies Record<string, keyof PassCounts>;

export const OUTCOME_LABELS = Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[];

/** `acquired` and `taken_over` end in a turn, `held` does not, and `lost` is one that was acquired or taken over before. */
export const CLAIM_LABELS = ['acquired', 'taken_over', 'held', 'lost'] as const;

// Written as records, so that a status or reason that is added later cannot be forgotten here.
const STATUSES: Record<StrategyStatus, true> = {
  done: true,
  skipped: true,
  planned: true,
  observed: true,
  failed: true,
  blocked: true,
  claimed: true,
  notDue: true,
  paused: true,
  tripped: true,
  disabled: true,
  filtered: true,
  aborted: true,
};
const STOP_REASONS: Record<StopReason, true> = {
  drained: true,
  blocked: true,
  timeout: true,
  rowBudget: true,
  aborted: true,
  tripped: true,
  observed: true,
  claimLost: true,
  failed: true,
};

export const STATUS_LABELS: readonly string[] = Object.keys(STATUSES).map(labelOf);
export const STOP_REASON_LABELS: readonly string[] = Object.keys(STOP_REASONS).map(labelOf);

/** For errors that are no `JobsweepError`, or of a code that this version does not know. */
const OTHER = 'OTHER';
export const ERROR_LABELS: readonly string[] = [...ERROR_CODES, OTHER];

/** The code of an error, which is the one thing of it that is bounded. */
export function errorLabel(error: unknown): string {
  return isJobsweepError(error, ...ERROR_CODES) ? error.code : OTHER;
}
