import type { Change, ChangeCounts, ChangesOptions } from './changes/changes.js';
import type { InspectOptions } from './inspection/inspect-options.js';
import type { DependentCount, Totals } from './inspection/inspection.js';
import type { ClaimState, Pause } from './service/claims.js';
import type { HistoryEntry, HistoryOptions, HistorySpan, HistoryTotalsOptions } from './service/journal.js';
import type { Locale } from './texts/presets.js';

/** What can be a token of a page: what every browser sends as it was typed, and nobody guesses. */
export const PAGE_TOKEN = {
  pattern: /^(?! )[\x20-\x7e]{16,1024}(?<! )$/,
  fix: 'give 16 to 1024 printable ASCII characters, without spaces around them',
} as const;

/** A strategy of a config, whoever runs it. */
export interface WatchedStrategy {
  readonly name: string;
  readonly description: string;
  readonly isEnabled: boolean;
  /** `observe`: it only looks, and keeps what it would have repaired. */
  readonly mode: 'repair' | 'observe';
  /** Whether its rows are counted: it is on, and has a rule. */
  readonly isCounted: boolean;
  /** The age at which its rows become due; 0 where it looks at no age. */
  readonly ageLimitSeconds: number;
  readonly schedule:
    | { readonly intervalSeconds: number; readonly cron: null; readonly timeZone: null }
    | { readonly intervalSeconds: null; readonly cron: string; readonly timeZone: string };
  /** `null`: as soon as a runner is there, or never, as it is off or paused. */
  readonly nextDueAt: Date | null;
  /** Whose turn it is, and when the last one began; `null`: it never had one. */
  readonly claim: ClaimState | null;
}

/** Strategies in the order of their turns. */
export interface WatchedStrategies {
  /** The database's clock. */
  readonly now: Date;
  /** Whether jobsweep's own tables are there: without them nothing is known of turns and passes. */
  readonly isInitialized: boolean;
  readonly strategies: readonly WatchedStrategy[];
}

/** What a strategy has to do, and what it did last. */
export interface WatchedBacklog extends Pick<Totals, 'due' | 'population' | 'undated' | 'oldestAgeSeconds'> {
  /** Counting stopped there: "this many or more". */
  readonly atMost: number;
  /** Its last pass that repaired something; `null`: the history has none. */
  readonly lastRepair: HistoryEntry | null;
}

/** A row that a pass has changed, without what it takes to put it back. */
export type WatchedChange = Pick<Change, 'id' | 'table' | 'rowId' | 'jobId' | 'before' | 'after' | 'undoneAt'>;

/** What a strategy would do now. Counts stop somewhere, and say so. */
export interface WatchedPlan {
  readonly name: string;
  readonly description: string;
  readonly isEnabled: boolean;
  /** Whether it runs where it is named: not where `enabled: false` switched it off. */
  readonly isRunnable: boolean;
  /** `observe`: nothing of this would be done. */
  readonly mode: 'repair' | 'observe';
  /** Who forbids its turns; `null`: nobody. */
  readonly pause: Pause | null;
  readonly error: { readonly code: string | null; readonly message: string } | null;
  readonly due: number;
  readonly isCapped: boolean;
  readonly population: number | null;
  readonly isPopulationCapped: boolean;
  readonly oldestAgeSeconds: number | null;
  readonly undated: number | null;
  readonly holding: number | null;
  readonly dependents: readonly DependentCount[];
  readonly samples: readonly { readonly id: string; readonly description: string }[];
  readonly expected: { readonly seconds: number; readonly basis: 'history' | 'reading' } | null;
  /** What its breaker would say; `null`: it has none. */
  readonly breaker: BreakerFigures | null;
}

/** What a breaker found. */
export interface BreakerFigures {
  readonly isTripped: boolean;
  readonly due: number;
  /** `due` is "this many or more". */
  readonly isCapped: boolean;
  /** What `due` is a share of. */
  readonly population: number;
  readonly isPopulationCapped: boolean;
  /** The share that may be due. */
  readonly maxShare: number;
}

/** Something that the doctor found, errors first. */
export interface WatchedFinding {
  readonly check: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly subject: string;
  readonly problem: string;
  readonly fix: string;
  /** The exact statement of the fix, where it is one. */
  readonly statement?: string;
}

/** What the doctor says. */
export interface WatchedDiagnosis {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly status: 'fine' | 'findings' | 'skipped' | 'failed';
    readonly summary: string;
  }[];
  readonly findings: readonly WatchedFinding[];
}

/** How a command of jobsweep finds the config. */
export interface WatchedCommand {
  /** What stands behind it, ready for a shell, such as `--config '/etc/my jobs.json'`; empty: nothing has to. */
  readonly options: string;
  /** The folder to be in; `null`: any, or nobody knows. */
  readonly folder: string | null;
}

/**
 * What a page shows of one config: all of it is in the database, so that any runner, and whoever else has the store, can tell
 * it. Nothing is written. The page bounds how often it asks.
 */
export interface DashboardSource {
  /** The name of the config. */
  readonly config: string;
  /** The language of descriptions and findings. */
  readonly locale: Locale;
  /** Default: nothing stands behind commands. */
  readonly command?: WatchedCommand | undefined;
  strategies(options: InspectOptions): Promise<WatchedStrategies>;
  /** Of a strategy whose rows are counted. */
  backlog(strategy: string, options: InspectOptions): Promise<WatchedBacklog>;
  /** The newest first. */
  passes(options: Omit<HistoryOptions, 'config'>): Promise<readonly HistoryEntry[]>;
  spans(options: Omit<HistoryTotalsOptions, 'config'>): Promise<readonly HistorySpan[]>;
  /** The rows that a pass changed, in their order. Absent: nobody keeps them. */
  changes?(pass: HistoryEntry, options: Omit<ChangesOptions, 'pass' | 'jobs'>): Promise<readonly WatchedChange[]>;
  /** How many there are. Absent: as of `changes`. */
  changeCounts?(pass: HistoryEntry, options: InspectOptions): Promise<ChangeCounts>;
  plan(options: InspectOptions): Promise<readonly WatchedPlan[]>;
  diagnosis(options: InspectOptions): Promise<WatchedDiagnosis>;
}
