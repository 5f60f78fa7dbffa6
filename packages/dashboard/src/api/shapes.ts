import type {
  ChangeCounts,
  HistoryEntry,
  HistorySpan,
  Locale,
  WatchedBacklog,
  WatchedChange,
  WatchedCommand,
  WatchedDiagnosis,
  WatchedPlan,
  WatchedStrategy,
} from '@jobsweep/core';
import type { Problem } from './problem.js';

/** What becomes of a value on its way through JSON: times are ISO 8601 texts. */
export type Sent<Value> = Value extends Date
  ? string
  : Value extends object
    ? { readonly [Key in keyof Value]: Sent<Value[Key]> }
    : Value;

/** What is due of a strategy, as it was last counted; `null`: it is being counted, or nobody can count it. */
export type CountedBacklog =
  | (WatchedBacklog & { readonly ageSeconds: number; readonly problem: null })
  | { readonly ageSeconds: number; readonly problem: Problem };

export interface NowStrategy extends WatchedStrategy {
  readonly backlog: CountedBacklog | null;
}

/** `api/now` */
export interface NowAnswer {
  readonly config: string;
  readonly locale: Locale;
  readonly command: WatchedCommand;
  readonly now: Date;
  readonly isInitialized: boolean;
  readonly strategies: readonly NowStrategy[];
  /** The newest passes. */
  readonly passes: readonly HistoryEntry[];
}

export const RANGES = ['day', 'week', 'month'] as const;
export type Range = (typeof RANGES)[number];

/** `api/history?range=` */
export interface HistoryAnswer {
  readonly range: Range;
  readonly from: Date;
  readonly to: Date;
  readonly spanSeconds: number;
  readonly spans: readonly HistorySpan[];
}

/** `api/passes?strategy=&before=`, a page of the newest, or of those before one. */
export interface PassesAnswer {
  readonly passes: readonly HistoryEntry[];
  /** There are more. */
  readonly hasMore: boolean;
}

/** `api/pass?id=` */
export interface PassAnswer {
  readonly pass: HistoryEntry;
  /** How many rows it changed, deleted, and had taken back; `null`: nobody keeps them. */
  readonly counts: ChangeCounts | null;
}

/** `api/changes?id=&after=`, a page of the rows that a pass changed. */
export interface ChangesAnswer {
  readonly changes: readonly WatchedChange[];
  readonly hasMore: boolean;
}

/** `api/plan` */
export interface PlanAnswer {
  readonly plannedAt: Date;
  readonly strategies: readonly WatchedPlan[];
}

/** `api/doctor` */
export interface DoctorAnswer extends WatchedDiagnosis {
  readonly diagnosedAt: Date;
}
