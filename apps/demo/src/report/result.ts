import type { RunReport } from '@jobsweep/runner';
import type { Health } from '../check/health.js';
import type { UntouchedResult } from '../check/untouched.js';
import type { SurvivorKind } from '../damage/plan.js';
import type { Skips } from '../swf/skips.js';

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

/** The cluster before the pass, and what must survive it. */
export interface State {
  readonly health: Health;
  readonly survivors: Readonly<Record<SurvivorKind, number>>;
}

/** Everything that one run of the demo found out. */
export interface DemoResult {
  readonly imported: ImportResult;
  readonly seed: number;
  readonly before: State;
  readonly pass: RunReport;
  readonly after: State;
  readonly untouched: UntouchedResult;
}
