/** How much damage, and how much beside it that looks alike and must survive. */
export interface DamageOptions {
  /** Whole number from 0 to 2^53 - 1. Same log, same seed, same options: same damage. */
  readonly seed: number;
  /** Of all finished jobs, those that keep their allocation. */
  readonly leakedPercent: number;
  /** Reservations that never started. */
  readonly reservations: number;
  /** Of the reservations, those older than the limit. */
  readonly stalePercent: number;
  /** Jobs that run for a long time. */
  readonly longJobs: number;
  /** For how long they run; those within the limit are not stuck. */
  readonly longDays: { readonly from: number; readonly to: number };
  /** Running jobs in good health. */
  readonly healthyJobs: number;
  /** Running jobs with a stale allocation beside a live one. */
  readonly siblingJobs: number;
  /** Jobs that ended once and were queued again. */
  readonly requeuedJobs: number;
}

export const defaultDamage: DamageOptions = {
  seed: 1,
  leakedPercent: 3,
  reservations: 200,
  stalePercent: 50,
  longJobs: 50,
  longDays: { from: 1, to: 10 },
  healthyJobs: 60,
  siblingJobs: 20,
  requeuedJobs: 20,
};
