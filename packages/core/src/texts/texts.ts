import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import type { StrategyName } from '../strategies/names.js';

/**
 * What jobsweep says in people's language and writes into their tables. Placeholders in braces are filled in:
 * `{maxAgeMinutes}`, `{maxAgeHours}`, `{maxAgeDays}`.
 */
export interface Texts {
  readonly descriptions: Readonly<Record<StrategyName, string>>;
  /** The description of old_job_cleanup where jobs go by their number alone. */
  readonly purgeByNumber: string;
  /** Written to `errorMsg` of a job whose reservation timed out. */
  readonly staleReservationError: string;
  /** Written to `errorMsg` of a job that ran for too long. */
  readonly stuckJobError: string;
  /** Written to `errorMsg` of a job that waited for too long. */
  readonly waitingJobError: string;
  /** One line about a row, for plans. Log texts are the English ones whatever the preset. */
  readonly samples: Samples;
}

/** A line about a row of each strategy. */
export interface Samples {
  completed(row: AllocationWithJob): string;
  /** `minutes`: how long it has been reserved, with one decimal. */
  stale(row: AllocationWithJob, minutes: string): string;
  stuck(job: Job): string;
  old(job: Job): string;
  orphaned(allocation: ResourceAllocation): string;
  waiting(job: Job): string;
}

/** Fills `{placeholders}` of a template; one without a value stays as it is. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, key: string) => String(values[key] ?? placeholder));
}
