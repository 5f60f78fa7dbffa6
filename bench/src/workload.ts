import type { StrategyName } from '@jobsweep/core';

/** What is measured: passes that have much to do, and the passes of all four strategies that have nothing to do. */
export const WORKLOADS = ['purge', 'release', 'fail', 'idle'] as const;

export type Workload = (typeof WORKLOADS)[number];

/** The workloads that change every row they are given. */
export type Mass = Exclude<Workload, 'idle'>;

export const STRATEGY_OF: Readonly<Record<Mass, StrategyName>> = {
  purge: 'old_job_cleanup',
  release: 'completed_job_cleanup',
  fail: 'stuck_job_cleanup',
};

/** The strategies that an idle pass is made of: by hand there is a probe for each. */
export const PROBED = [
  'completed_job_cleanup',
  'stale_reservation_cleanup',
  'stuck_job_cleanup',
  'old_job_cleanup',
] as const satisfies readonly StrategyName[];

/** Rows of a batch, here and there. */
export const BATCH_ROWS = 5000;

/** Who does the work: jobsweep through a library, or statements by hand. Each has a connection of its own. */
export interface Contender {
  /** Does all that there is to do in batches, and gives how many rows it changed. */
  drain(workload: Mass): Promise<number>;
  /** Looks once whether any strategy has something to do. */
  look(): Promise<void>;
  close(): Promise<void>;
}
