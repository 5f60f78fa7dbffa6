import type { Archive } from './archive/archive.js';
import type { Changes } from './changes/changes.js';
import type { StoreInspection } from './inspection/inspection.js';
import type { CleanupRepository } from './repository.js';
import type { Claims } from './service/claims.js';
import type { Journal } from './service/journal.js';
import type { OwnTables } from './service/own-tables.js';
import type { StrategyName } from './strategies/names.js';

/** How one transaction runs. */
export interface TransactionOptions {
  /** The server refuses every write. Default: `false`. */
  readonly readOnly?: boolean;
  /** Each statement may take this long before the server cancels it. Default: the store's `statementTimeoutSeconds`. */
  readonly timeoutSeconds?: number;
  /**
   * The transaction may be idle this long before the server ends it, where the server can. Default: the store's
   * `idleTimeoutSeconds`, which also bounds it.
   */
  readonly idleTimeoutSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What this database and these tables allow. */
export interface StoreCapabilities {
  /** The strategies whose tables and columns are mapped. */
  readonly strategies: readonly StrategyName[];
  /** Whether a batch is written whole or not at all. `false`: each row by itself, guarded by its own condition. */
  readonly transactions: boolean;
  /**
   * `true`: a write leaves rows that others hold and reports them as contended. `false`: the first such row fails the
   * whole batch with `CONFLICT`, and the pass divides it.
   */
  readonly skipsLocked: boolean;
  /** Whether a write also holds off changes of the rows that it relies on and does not change itself. */
  readonly readFence: boolean;
}

/**
 * What an adapter's factory gives: the repository and the transactions to call it in.
 * `Session` is the library's own transaction handle, so parts of two adapters do not fit together.
 */
export interface CleanupStore<Session> {
  readonly repository: CleanupRepository<Session>;
  readonly capabilities: StoreCapabilities;
  /**
   * How long the longest round trip of a transaction may take before the server counts as lost, in seconds:
   * `statementTimeoutSeconds` and 5. The health check of a runner goes by it.
   */
  readonly deadlineSeconds: number;
  readonly inspect: StoreInspection;
  /** Who has which turn, when several runners work on one database. */
  readonly claims: Claims<Session>;
  /** The history of passes. */
  readonly journal: Journal;
  /** What turns have changed, row by row. */
  readonly changes: Changes<Session>;
  /** The tables that `claims`, `journal` and `changes` need, and everything else does without. */
  readonly ownTables: OwnTables;
  /** Where deleted rows are kept. Absent: nowhere, or there is nothing to make. */
  readonly archive?: Archive<Session> | undefined;
  /**
   * Runs `work` in a transaction of its own at READ COMMITTED with bounded statements, and commits. Rolls back when
   * `work` rejects or `signal` fires. Deadlocks, serialization failures and lock timeouts run `work` again from the
   * start, a bounded number of times: whatever happens outside the database belongs after this promise. It may begin with
   * the first statement that needs it: what finds nothing to do is a SELECT by itself.
   *
   * Rejects with `COMMIT_UNKNOWN` when the connection is lost while committing: the work may or may not be there. A server
   * that does not answer 5 s after the statement's time, or 5 s after the signal, counts as a lost connection.
   */
  transaction<Result>(work: (session: Session) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
}
