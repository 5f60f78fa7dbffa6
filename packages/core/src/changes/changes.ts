import type { Place, RowVersion } from '../model.js';
import type { GetOptions } from '../repository.js';
import type { Rule } from '../strategies/rule.js';

/** What a turn has done to one row. Values are as people read them: times in ISO 8601 and UTC, others as the database has them. */
export interface Change {
  readonly id: string;
  /** What the changes of its turn are kept under, as in the claim and in the history. */
  readonly pass: string;
  readonly config: string;
  readonly strategy: string;
  /** By the database's clock. */
  readonly changedAt: Date;
  /** The table, with its schema where the mapping names one. */
  readonly table: string;
  /** The id of the row, as the port has it. */
  readonly rowId: string;
  /** The id of the job that it is, or is of; `null`: it is of none, or nobody knows. */
  readonly jobId: string | null;
  /**
   * The columns that the turn has written and that were to be kept, as they were and as it left them; a text that is longer than 2000 characters ends
   * in `…`. `null`: it has deleted the row, of which the key alone is kept.
   */
  readonly before: ShownValues | null;
  readonly after: ShownValues | null;
  /** When it was taken back; `null`: it was not. */
  readonly undoneAt: Date | null;
  /** What the row was, to the letter: as it was read. */
  readonly version: RowVersion;
}

export type ShownValues = Readonly<Record<string, string | null>>;

/** Which changes. */
export interface ChangesOf {
  readonly pass: string;
  /** Only those of these jobs, and of what they hold. Default: all. */
  readonly jobs?: readonly string[] | undefined;
}

/** A page of changes, in the order in which they were made. */
export interface ChangesOptions extends ChangesOf {
  /** 1 to 1000. Default: 100. */
  readonly limit?: number;
  /** The last one of the page before. */
  readonly after?: Pick<Change, 'id'> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How many there are: rows changed or deleted, of these the deleted ones, and those that were taken back. Counted up to 100 thousand. */
export interface ChangeCounts {
  readonly rows: number;
  readonly deleted: number;
  readonly undone: number;
}

/**
 * Why a row is not put back:
 * - `moved`: it is not as the turn left it
 * - `gone`: it is not there
 * - `cut`: a text of it was too long to be kept
 * - `withheld`: what tells its state was not to be kept
 * - `jobMoved`: it is an allocation, and its job has moved on or is gone
 * - `resourceUnknown`: it is an allocation, and `schema.allocations.columns.resource` does not say of what
 * - `resourceUnset`: it is an allocation, and what it held is NULL in the columns that say so
 * - `resourceHeld`: another one holds the resource by now
 */
export const LEFT_REASONS = [
  'moved',
  'gone',
  'cut',
  'withheld',
  'jobMoved',
  'resourceUnknown',
  'resourceUnset',
  'resourceHeld',
] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];

/** What became of some changes. */
export interface PutBack {
  readonly undone: readonly Change[];
  readonly left: readonly { readonly change: Change; readonly reason: LeftReason }[];
  /** Others hold the rows: they are for another try. */
  readonly contended: readonly Change[];
}

/**
 * What turns have changed, row by row, in jobsweep's own table. It is kept in the transaction of the change, where that is
 * written under a claim; every method rejects with `NOT_INITIALIZED` where the table is missing.
 *
 * @example
 * const [pass] = await store.journal.read({ strategy: 'stuck_job_cleanup', limit: 1 });
 * for (const { table, rowId, before, after } of await store.changes.read({ pass: pass?.pass ?? '' })) {
 *   console.log(table, rowId, before, after);
 * }
 */
export interface Changes<Session> {
  /** The columns of which something is kept where strategies work by these rules, or by those that `createStrategies` has. */
  keptColumns(rules: readonly Rule[]): readonly string[];
  read(options: ChangesOptions): Promise<Change[]>;
  count(of: ChangesOf & { readonly signal?: AbortSignal | undefined }): Promise<ChangeCounts>;
  /** Deletes the oldest of those that are older than `maxAgeDays`, of all configs or of one. Returns how many; at most `limit`. */
  prune(options: {
    readonly config?: string | undefined;
    readonly maxAgeDays: number;
    readonly limit: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<number>;
  /** In an open transaction: a page of those that changed a row and were not taken back. */
  getUndoable(session: Session, of: ChangesOf, page: GetOptions<Change | Place>): Promise<Change[]>;
  /** In an open transaction: a page of those that deleted a job. */
  getDeletedJobs(session: Session, of: ChangesOf, page: GetOptions<Change | Place>): Promise<Change[]>;
  /**
   * In an open transaction: puts rows back that are still as their turn left them, jobs first; allocations only where their
   * job is as it was, and nobody else holds the resource. Columns that every change keeps current go on from what they are.
   *
   * @param dryRun tells what would be done, locks nothing and writes nothing.
   */
  putBack(session: Session, changes: readonly Change[], options?: { readonly dryRun?: boolean }): Promise<PutBack>;
}
