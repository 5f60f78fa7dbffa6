import type { RunReport } from '@jobsweep/runner';
import type { Pair } from '../adapters/pairs.js';
import type { State } from '../check/state.js';
import type { UntouchedResult } from '../check/untouched.js';
import type { Skips } from '../swf/skips.js';
import type { TakenBack } from '../take-back.js';

/** What the log was and what became of it. */
export interface ImportResult {
  /** As the person named it. */
  readonly trace: string;
  readonly computer: string | undefined;
  readonly installation: string | undefined;
  /** When the log's first and last job were, where the log says so. */
  readonly period: { readonly from: Date; readonly to: Date } | undefined;
  /** Where it was; any text. */
  readonly timeZone: string | undefined;
  readonly jobs: number;
  readonly repetitions: number;
  readonly skips: Skips;
}

/** What the pass did, and what it left. */
export interface Outcome {
  readonly before: State;
  readonly pass: RunReport;
  readonly after: State;
  readonly untouched: UntouchedResult;
  /** Where that was asked for. */
  readonly undo?: TakenBack | undefined;
}

/** Everything that one run of the demo found out. */
export interface DemoResult extends Outcome {
  readonly pair: Pair;
  /** Name and release of the server. */
  readonly server: string;
  readonly imported: ImportResult;
  readonly seed: number;
}
