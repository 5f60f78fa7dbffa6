import type { CleanupRow } from '../model.js';
import type { RepairHooks } from '../pass/hooks.js';
import type { PassResult } from '../pass/result.js';
import type { CountOptions, GetOptions, WriteOutcome } from '../repository.js';
import type { Rule } from './rule.js';

/** What a runner needs to know to order and time a strategy. */
export interface StrategyMetadata {
  /** 1 is the highest. */
  readonly priority: number;
  /** Strategies that go first in the same round. */
  readonly dependsOn: readonly string[];
  readonly tags: readonly string[];
  /** How long one pass may take. */
  readonly timeoutSeconds: number;
  readonly enabledByDefault: boolean;
}

/** Which rows one `cleanup` repairs: the given ones, or the page that it finds. */
export interface CleanupOptions<Row> extends GetOptions<Row> {
  /** Rows found before. Without them `cleanup` finds one page of `limit` rows (default 1000). */
  readonly rows?: readonly Row[];
}

/** What one `cleanup` did, inside its transaction. */
export interface CleanupResult<Row> extends Omit<WriteOutcome<Row>, 'rest'> {
  readonly itemsCleaned: number;
  /** The rows that it looked at. */
  readonly found: readonly Row[];
  /** Of those, the rows that it did not come to: they are for the next transaction. */
  readonly rest?: readonly Row[];
  /** Rows that were changed and have more to them than one transaction takes: they are for `finish`. */
  readonly unfinished?: readonly Row[];
}

/**
 * What happens to which rows. The port knows how, the pass knows when: a strategy begins and ends no transaction.
 * Extend `BaseCleanupStrategy` rather than implementing this from nothing.
 */
export interface CleanupStrategy<Session, Row extends CleanupRow = CleanupRow> {
  readonly name: string;
  readonly description: string;
  readonly metadata: StrategyMetadata;
  readonly intervalSeconds: number;
  /** `undefined`: as `metadata.enabledByDefault` says. */
  readonly enabled: boolean | undefined;
  /** Its condition, where it is one of jobsweep's own: without it there are no totals, and so no breaker. */
  readonly rule?: Rule | undefined;

  /** What the host does around its repairs. */
  readonly hooks?: RepairHooks<Row, Session> | undefined;

  /** `false`: `before` asks the database nothing, since the first page is the check, and no transaction is begun for it. */
  readonly hasCheck?: boolean;
  /** Hook: a cheap check. `false` means there is nothing to do, and the pass is skipped. */
  before(session: Session, options?: CountOptions): Promise<boolean>;
  /** Hook: repairs one batch. */
  cleanup(session: Session, options?: CleanupOptions<Row>): Promise<CleanupResult<Row>>;
  /**
   * Goes on with rows that `cleanup` changed and could not finish, in a transaction of its own. Returns those that still have
   * more to them. Absent: there are none.
   */
  finish?(
    session: Session,
    rows: readonly Row[],
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly Row[]>;
  /** Hook: gets the result of a pass that was not skipped. */
  after(result: PassResult): void | Promise<void>;

  /** The rows that are due, a page at a time. Plans and dry runs use this alone. */
  find(session: Session, page: GetOptions<Row>): Promise<Row[]>;
  /** One line for people about a row. */
  describe(row: Row): string;
  /** When a row became due; `null` or absent: not known. Tells how long a leak lived. */
  dueSince?(row: Row): Date | null;
  /** Called after the commit with the rows that were repaired. */
  announce(rows: readonly Row[]): void;
}
