import type { CleanupRow, PassCounts, Wait } from '@jobsweep/core';
import type { StrategyReport } from './report.js';

/** A pass begins. */
export interface PassStartEvent {
  readonly strategy: string;
  /** The claim that it runs under; `null`: the runner works alone. `lapsed` is as in `ClaimAnswer`. */
  readonly claim: { readonly lapsed: string | null } | null;
}

/** A batch was committed. */
export interface BatchEvent {
  readonly strategy: string;
  /** Of the pass so far. */
  readonly counts: PassCounts;
  /** From looking for its rows to the commit. */
  readonly durationMs: number;
}

/** A pass waits, since the number of its probe is too high or nobody knows it. Told after each reading, and when it goes on. */
export interface WaitEvent {
  readonly strategy: string;
  /** `null`: it goes on. */
  readonly wait: Wait | null;
}

/** Rows were repaired, and that was committed. */
export interface RepairedEvent {
  readonly strategy: string;
  readonly rows: readonly CleanupRow[];
  /** How long each of them had been due, in seconds by the database's clock; rows of which that is not known are left out. */
  readonly dueSeconds: readonly number[];
}

/** A pass ended, or a strategy's turn came to nothing: `report.status` says which. */
export interface PassEndEvent {
  readonly strategy: string;
  readonly report: StrategyReport;
}

/** Something failed, in a pass or between passes. The runner goes on. */
export interface ErrorEvent {
  /** `null`: it belongs to none. */
  readonly strategy: string | null;
  readonly error: Error;
}

/** What a runner tells those who listen, after the fact: nothing of it can change what happens. */
export interface RunnerEvents {
  readonly 'pass:start': PassStartEvent;
  readonly batch: BatchEvent;
  readonly wait: WaitEvent;
  readonly repaired: RepairedEvent;
  readonly 'pass:end': PassEndEvent;
  readonly error: ErrorEvent;
}
