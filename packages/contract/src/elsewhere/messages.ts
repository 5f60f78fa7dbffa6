import type { Claim, ClaimAnswer, ClaimRequest, PassResult } from '@jobsweep/core';
import type { Elsewhere } from '../cluster.js';

/** What a process of the suite is started with. */
export interface Start extends Elsewhere {
  /** How far its clock is from the real one. */
  readonly clockShiftMs: number;
}

/** Where a pass waits until it is told to go on: before a batch begins, around its check, and before it commits. */
export type Point = 'before batch' | 'before hold' | 'held' | 'wrote';

/** A pass of `stuck_job_cleanup` under a claim. */
export interface PassOrder {
  readonly claim: Claim;
  /** Written to the jobs that it fails. */
  readonly errorMsg: string;
  readonly batchRows: number;
  /** Where it waits, and how often it goes by before. */
  readonly waitAt?: { readonly point: Point; readonly after: number };
}

export type Order =
  | { readonly do: 'acquire'; readonly request: ClaimRequest }
  | { readonly do: 'pass'; readonly order: PassOrder }
  | { readonly do: 'go on' }
  | { readonly do: 'end' };

/** What is told of a pass. */
export type PassTold = Pick<PassResult, 'status' | 'stopReason' | 'itemsCleaned'>;

/** Times in answers come as text. */
export type Told =
  | { readonly told: 'ready' }
  | { readonly told: 'answer'; readonly answer: ClaimAnswer }
  | { readonly told: 'reached'; readonly point: Point }
  | { readonly told: 'pass'; readonly pass: PassTold }
  | { readonly told: 'error'; readonly message: string };
