import type { Skip } from './skips.js';

/** Why a workload log cannot be used at all. */
export type ReadProblem =
  | { readonly kind: 'unreadable'; readonly path: string; readonly reason: string }
  /** `line` is the first line that is no record, for the person to look at. */
  | { readonly kind: 'notALog'; readonly path: string; readonly line: number | undefined }
  /** It is a log, and none of its records makes a job. */
  | { readonly kind: 'noJobs'; readonly path: string; readonly skipped: number; readonly first: Skip | undefined };

/** A workload log that cannot be used. The reader knows nothing of the program around it. */
export class ReadError extends Error {
  override readonly name = 'ReadError';

  constructor(
    readonly problem: ReadProblem,
    cause?: unknown,
  ) {
    super(problem.kind, { cause });
  }
}
