import type { FilterOptions, SchemaOptions, StrategyName } from '@jobsweep/core';

/** What a workload asks for, and the strategy of jobsweep that does it. */
export const STRATEGY_OF = {
  purge: 'old_job_cleanup',
  release: 'completed_job_cleanup',
  stale: 'stale_reservation_cleanup',
  fail: 'stuck_job_cleanup',
} as const satisfies Record<string, StrategyName>;

export type Act = keyof typeof STRATEGY_OF;

/** Rows of a batch, here and there. */
export const BATCH_ROWS = 5000;

/** Who does the work, on a connection of its own. */
export interface Worker {
  /** Does all there is to do, and gives how many rows it changed. */
  drain(act: Act): Promise<number>;
  close(): Promise<void>;
}

/** A worker who keeps the protocol: jobsweep through a library, or statements by hand. */
export interface Contender extends Worker {
  /** In batches, and no more than so many rows. */
  drain(act: Act, maxRows?: number): Promise<number>;
  /** Looks once whether any strategy has something to do. */
  look(): Promise<void>;
}

/** How tables are mapped, and which of their rows. */
export interface Mapping {
  readonly schema: SchemaOptions;
  readonly filters?: FilterOptions;
}

export interface Opening {
  readonly url: string;
  /** Logs hang on the jobs, and go with them. */
  readonly hasLogs: boolean;
  /** What is deleted is kept. */
  readonly isArchived?: boolean;
  /** There are jobs and nothing else. */
  readonly isWithoutAllocations?: boolean;
  /** Of tables that are somebody's own. Default: those that are made here. */
  readonly mapping?: Mapping;
}
