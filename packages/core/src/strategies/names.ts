/** The strategies of jobsweep, in the order of their priority. */
export const STRATEGY_NAMES = [
  'completed_job_cleanup',
  'stale_reservation_cleanup',
  'stuck_job_cleanup',
  'old_job_cleanup',
  'orphaned_allocation_cleanup',
  'waiting_job_cleanup',
] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** Those that the default mapping allows: the others want a column that few tables have. */
export type UsualStrategyName = Exclude<StrategyName, 'waiting_job_cleanup'>;
export const USUAL_STRATEGY_NAMES = STRATEGY_NAMES.filter(
  (name): name is UsualStrategyName => name !== 'waiting_job_cleanup',
);
