import type {
  CleanupRow,
  CleanupStore,
  CleanupStrategy,
  KeptChanges,
  Locale,
  Logger,
  Pacing,
  PassCounts,
} from '@jobsweep/core';
import type { BreakerOptions } from './breaker/limits.js';
import type { Schedule } from './schedule/schedule.js';
import type { RunnerTiming } from './timing.js';
import type { RunnerHooks } from './turn/hooks.js';
import type { StrategyModes } from './turn/mode.js';

export const MULTI_WRITER = ['refused', 'accepted'] as const;
export type MultiWriter = (typeof MULTI_WRITER)[number];

/** What a runner is made of. */
export interface RunnerOptions<Session> {
  readonly store: CleanupStore<Session>;
  /**
   * What turns and history are kept under, where several runners of different purpose share a database: 1 to 64 letters,
   * digits, `_`, `-` and `.`. Default: `main`.
   */
  readonly name?: string;
  /** Default: the strategies that the store's tables allow, `createStrategies(store, { logger })`. */
  readonly strategies?: readonly CleanupStrategy<NoInfer<Session>>[];
  /** Default: silent. */
  readonly logger?: Logger;
  /**
   * Rows of one batch, 1 to 5000. Default: as many as take some 200 ms, 1000 at first; each strategy goes on with those of its
   * pass before.
   */
  readonly batchRows?: number;
  /** Rows that one pass may change; it looks at no more than ten times as many. Default: no limit. */
  readonly maxRowsPerPass?: number;
  /** The pause after a batch, as a fraction of the time that the batch took. Default: 0.5. */
  readonly pauseFraction?: number;
  /** Rows that a pass looks at in a second, and a number of yours above which it waits. Default: neither. */
  readonly pacing?: Pacing;
  /**
   * By the name of a strategy, what the host does around its repairs: `confirm` before the transaction, `within` in it,
   * `onRepaired` after it.
   */
  readonly hooks?: RunnerHooks<NoInfer<Session>>;
  /** Gets the repaired rows of a batch of any strategy after its commit, each row at most once. */
  readonly onRepaired?: (strategy: string, rows: readonly CleanupRow[]) => void | Promise<void>;
  /** Gets the counts of the pass so far after each batch. */
  readonly onBatch?: (strategy: string, counts: PassCounts) => void;

  /**
   * By the name of a strategy, whether it repairs, or only observes: then its turns look in read-only transactions, and keep what
   * they would have repaired in the history, when how many rows that is has changed. Default: `repair`.
   */
  readonly modes?: StrategyModes;
  /** By the name of a strategy, how often it has its turn once started. Default: its own `intervalSeconds`. */
  readonly schedules?: Readonly<Record<string, Schedule>>;
  /** Passes at the same time, so that a slow strategy does not delay the others; 1 to 100. Default: 2. */
  readonly concurrency?: number;
  /** A turn comes up to this fraction of its interval later, at random; 0 to 1. Default: 0.1. */
  readonly jitter?: number;
  /** How long `stop` lets the batches in hand finish before it aborts them; 0 to 3600. Default: 30. */
  readonly graceSeconds?: number;
  /**
   * Whether turns are claimed in jobsweep's own tables, so that several runners share the work, and passes are kept there:
   * - `auto`: where the tables are; without any of them the runner works alone, and says so once
   * - `required`: nothing runs without them, `NOT_INITIALIZED`
   * - `off`: never
   *
   * Default: `auto`.
   */
  readonly claims?: 'auto' | 'required' | 'off';
  /** A claim lapses when no batch was begun under it for so long; 1 to 3600. Default: 60. */
  readonly termSeconds?: number;
  /** When a pass that fails or deletes is stopped before its first write. `false`: never. */
  readonly breaker?: BreakerOptions | false;
  /**
   * Where several nodes of a cluster take writes (Galera, Group Replication with several primaries), each knows its own locks
   * alone, and a job that a worker starts on one is failed on another:
   * - `refused`: nothing runs there, `ENGINE_UNSUPPORTED`
   * - `accepted`: jobsweep and all workers write through one node
   *
   * Default: `refused`.
   */
  readonly multiWriter?: MultiWriter;
  /** How long the history is kept; 1 to 36500. Default: 90. */
  readonly historyDays?: number;
  /**
   * Whether what passes change is kept, row by row, in the transaction of the change: `jobsweep show` tells it, and `jobsweep
   * undo` takes it back. It needs claims. `without` names columns of your tables whose values are not kept. Default: `true`.
   */
  readonly changes?: KeptChanges;
  /** How long that is kept; 1 to 36500. Default: 30. */
  readonly changesDays?: number;
  /** The language of reasons in reports and of notes in the history; log texts are English. Default: `en`. */
  readonly locale?: Locale;
  /** For tests. Default: real time. */
  readonly timing?: RunnerTiming;
}
