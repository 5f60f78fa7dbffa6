import type { TimeColumnOption } from '../schema/mapping.js';

/**
 * How a job is given back, in place of failing: it waits again, what it held is released, and its tries are counted. When they
 * are used up it fails after all.
 *
 * @example
 * const requeue: RequeueOption = { triesColumn: 'attempts', maxTries: 5, runAfterColumn: 'run_after', runAfterSeconds: 60 };
 */
export interface RequeueOption {
  /** What is written for it. Default, and all there is: `PENDING`. */
  readonly state?: 'PENDING';
  /**
   * The column that counts how often a job was given back; NULL is 0. Workers compare it when they finish a run. Default: none,
   * where `set` of PENDING in the mapping says what is written, and workers compare that.
   */
  readonly triesColumn?: string;
  /** How often a job is given back, 1 to 1000. Default: 3; without `triesColumn` as often as it is stuck. */
  readonly maxTries?: number;
  /** The time before which nobody begins the job. Default: none is written. */
  readonly runAfterColumn?: TimeColumnOption;
  /** How long from now that is. Default: 0. */
  readonly runAfterSeconds?: number;
}
