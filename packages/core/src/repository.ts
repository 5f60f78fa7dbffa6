import type { AllocationWithJob, Job, Place, ResourceAllocation, StaleJobState } from './model.js';
import type { RequeueOption } from './strategies/requeue.js';
import type { Rule } from './strategies/rule.js';

/** How a count is bounded. */
export interface CountOptions {
  /** Stop counting here. A result equal to it means "this many or more". Default: count all. */
  readonly atMost?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Which page of the matching rows to read. */
export interface GetOptions<Row> {
  /** Rows in this page. Without it the operation pages inside and returns all rows. */
  readonly limit?: number;
  /** The last row of the page before. Pages continue by key, so rows that went away in between shift nothing. */
  readonly after?: Row | Place | undefined;
  /** Where the rows end at the latest: with this one, if it is still there. Default: where there are no more. */
  readonly upTo?: Row | Place | undefined;
  /**
   * Whether jobs come with their message and exit code, which no rule looks at. Default: `true`; otherwise an adapter may leave
   * them `null`.
   */
  readonly details?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long finished jobs keep what they hold. */
export interface Settling {
  /**
   * Only of jobs that ended longer ago than so many seconds, so that a scheduler's own teardown is over; a job without an end
   * keeps what it holds. Default: 0, whenever they ended.
   */
  readonly settleSeconds?: number | undefined;
}

/** Which page of what finished jobs hold to read. */
export interface GetCompletedOptions extends GetOptions<AllocationWithJob>, Settling {}

/** Whose reservations can be stale. */
export interface StaleOf {
  /** The states that the job may be in. Default: `['RUNNING']`. */
  readonly jobStates?: readonly StaleJobState[] | undefined;
  /**
   * Jobs are given back while they have tries left, in place of failing, and only those that have given no sign of life since
   * their reservation timed out. Default: they fail.
   */
  readonly requeue?: RequeueOption | undefined;
}

/** What becomes of jobs that wait for too long. */
export interface WaitingOf {
  /**
   * They are queued anew while they have tries left, in place of failing; what is written for PENDING has to renew `createdTime`.
   * Default: they fail.
   */
  readonly requeue?: RequeueOption | undefined;
}

/** Which page of stale reservations to read. */
export interface GetStaleOptions extends GetOptions<AllocationWithJob>, StaleOf {}

/** Which page of stuck jobs to read. */
export interface GetStuckJobsOptions extends GetOptions<Job> {
  /**
   * Only those that have also shown no sign of life for so many minutes, of which `filters.ageColumn` has to be one. Default:
   * the sign of life takes the place of the start, and its age alone counts.
   */
  readonly silentMinutes?: number | undefined;
}

/** Which page of old jobs to read. */
export interface GetOldJobsOptions extends GetOptions<Job> {
  /** Leaves out jobs that cannot be deleted, since they still hold an allocation that is not RELEASED. Default: `false`. */
  readonly deletableOnly?: boolean | undefined;
}

/** What a write really did, row by row. Rows in none of the lists no longer qualified when they were locked. */
export interface WriteOutcome<Row> {
  /** The rows that this write changed, as they are now. */
  readonly changed: readonly Row[];
  /** The rows left alone because another transaction holds them or what they depend on; the next pass sees them. */
  readonly contended: readonly Row[];
  /** Only where jobs are deleted: those that stay because they still hold an allocation that is not RELEASED. */
  readonly holding?: readonly Row[];
  /**
   * Only where the write may leave some: the ids of rows that it did not come to, since those before had so many rows of
   * other tables. Write them in the next transaction.
   */
  readonly rest?: readonly string[];
}

/** Options of every write. */
export interface WriteOptions<Row> {
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether the write may leave rows for the next transaction, once those before had as many rows of other tables as one
   * statement takes (5000). Default: `false`, all of it happens in this transaction.
   */
  readonly mayLeave?: boolean | undefined;
  /**
   * Only where jobs' resources are released: this transaction has just finished these very jobs and so holds their locks. They
   * are not locked once more. Default: `false`.
   */
  readonly justFinished?: boolean | undefined;
  /** Called once, before the write returns, and inside its transaction: act on it only after the commit. */
  readonly onOutcome?: ((outcome: WriteOutcome<Row>) => void) | undefined;
}

/**
 * The port: every query and every batch write of the cleanup, for one kind of database.
 *
 * Each operation takes the open transaction of the user's own library (`Session`) first and never begins, commits or
 * rolls back. Writes lock the job rows they depend on, read the full rule again in a later statement, and only then
 * write; rows that others hold locked are left alone. They return what really changed.
 *
 * The store's filters say which jobs all of this is about, and may give them limits of their own: see `FilterOptions`.
 *
 * Ages are strict: a row exactly at the threshold is not matched. Now is the database's clock.
 *
 * Every operation rejects with a `JobsweepError`: `SESSION_NOT_IN_TRANSACTION` outside a transaction,
 * `ISOLATION_UNSUPPORTED` for writes at another isolation than READ COMMITTED, `ABORTED` when `signal` fires,
 * `UNSUPPORTED_SCHEMA` where the mapped tables lack what it needs, or the translated error of the database.
 *
 * @example
 * const due = await repository.getStuckJobs(trx, 48, { limit: 100 });
 * const failed = await repository.markJobsAsFailed(trx, due, 'Ran for two days', '-2:0');
 * await repository.releaseResourcesForJobs(trx, failed);
 */
export interface CleanupRepository<Session> {
  /**
   * Throws `INVALID_OPTION` or `UNSUPPORTED_SCHEMA` where the tables lack what a rule needs: strategies ask as they are made.
   * Absent: their first pass finds out.
   */
  requireRule?(rule: Rule): void;

  /** How many allocations are not RELEASED although their job is finished. */
  countCompletedJobsWithUnreleasedResources(session: Session, options?: CountOptions & Settling): Promise<number>;

  /** Allocations that are not RELEASED although their job is finished, by allocation id. */
  getCompletedJobsWithUnreleasedResources(
    session: Session,
    options?: GetCompletedOptions,
  ): Promise<AllocationWithJob[]>;

  /** Releases allocations of finished jobs: status RELEASED, releasedTime now. Returns how many. */
  releaseResourcesForCompletedJobs(
    session: Session,
    allocations: readonly AllocationWithJob[],
    options?: WriteOptions<AllocationWithJob> & Settling,
  ): Promise<number>;

  /**
   * How many reservations are stale: RESERVED before now - `maxAgeMinutes`, job RUNNING (or whatever `jobStates` says), and
   * no other allocation of the job alive (ALLOCATED, of unknown status, or RESERVED but not yet stale).
   */
  countStaleReservations(session: Session, maxAgeMinutes: number, options?: CountOptions & StaleOf): Promise<number>;

  /** The stale reservations (see `countStaleReservations`), oldest first. */
  getStaleReservations(
    session: Session,
    maxAgeMinutes: number,
    options?: GetStaleOptions,
  ): Promise<AllocationWithJob[]>;

  /** `cleanupStaleReservations` for one row. Returns whether it was cleaned. */
  cleanupStaleReservation(
    session: Session,
    allocation: AllocationWithJob,
    errorMsg?: string,
    options?: WriteOptions<AllocationWithJob> & StaleOf,
  ): Promise<boolean>;

  /**
   * Fails the jobs of stale reservations (FAILED, endTime now, `errorMsg`, exitCode `-3:0`) and releases the
   * reservations. Returns the reservations that were cleaned. `errorMsg` defaults to the English preset's.
   */
  cleanupStaleReservations(
    session: Session,
    allocations: readonly AllocationWithJob[],
    errorMsg?: string,
    options?: WriteOptions<AllocationWithJob> & StaleOf,
  ): Promise<AllocationWithJob[]>;

  /** Jobs that are RUNNING and started before now - `maxAgeHours`, oldest first. */
  getStuckJobs(session: Session, maxAgeHours: number, options?: GetStuckJobsOptions): Promise<Job[]>;

  /** `markJobsAsFailed` for one job. Returns whether it was marked. */
  markJobAsFailed(
    session: Session,
    job: Job,
    errorMsg: string,
    exitCode?: string,
    options?: WriteOptions<Job>,
  ): Promise<boolean>;

  /**
   * Fails RUNNING jobs that are still in the run they were read in: FAILED, endTime now, `errorMsg`, `exitCode`
   * (default `-2:0`). Returns the jobs that were marked, as they are now.
   */
  markJobsAsFailed(
    session: Session,
    jobs: readonly Job[],
    errorMsg: string,
    exitCode?: string,
    options?: WriteOptions<Job>,
  ): Promise<Job[]>;

  /**
   * Gives RUNNING jobs back that are still in the run they were read in: PENDING, one try more, and all that they hold released.
   * Where their tries are used up they fail as with `markJobsAsFailed`, and what they hold is left to `releaseResourcesForJobs`.
   * Returns the jobs that were changed, as they are now.
   */
  giveBackJobs(
    session: Session,
    jobs: readonly Job[],
    requeue: RequeueOption,
    errorMsg: string,
    exitCode?: string,
    options?: WriteOptions<Job>,
  ): Promise<Job[]>;

  /** `releaseResourcesForJobs` for one job. Returns whether anything was released. */
  releaseResourceForJob(session: Session, job: Job, options?: WriteOptions<ResourceAllocation>): Promise<boolean>;

  /**
   * Releases what finished jobs hold: their allocations that are not RELEASED become RELEASED, releasedTime now.
   * A job that is not finished, or that has started again since it was read, keeps everything.
   * Returns the allocations that were released.
   */
  releaseResourcesForJobs(
    session: Session,
    jobs: readonly Job[],
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]>;

  /**
   * Jobs that are PENDING since before now - `maxAgeDays` by `createdTime` and never have started, those that were queued first
   * first.
   */
  getWaitingJobs(session: Session, maxAgeDays: number, options?: GetOptions<Job>): Promise<Job[]>;

  /**
   * Fails PENDING jobs that never have started, as they were read: FAILED, endTime now, `errorMsg`, exitCode `-4:0`. Returns the
   * jobs that were marked, as they are now. `errorMsg` defaults to the English preset's. With `requeue` they are given back as
   * with `giveBackJobs`.
   */
  failWaitingJobs(
    session: Session,
    jobs: readonly Job[],
    errorMsg?: string,
    options?: WriteOptions<Job> & WaitingOf,
  ): Promise<Job[]>;

  /**
   * Finished jobs that ended before now - `maxAgeDays`, oldest first, without those that `filters.keepNewest` keeps. `null`: of
   * any age, which is refused where that filter is not set.
   */
  getOldJobs(session: Session, maxAgeDays: number | null, options?: GetOldJobsOptions): Promise<Job[]>;

  /**
   * Deletes finished jobs, after their released allocations. A job that holds an allocation that is unreleased or of
   * unknown status stays. Returns how many jobs were deleted.
   */
  deleteJobsBatch(session: Session, jobs: readonly Job[], options?: WriteOptions<Job>): Promise<number>;

  /**
   * Allocations that are RESERVED or ALLOCATED since before now - `maxAgeMinutes`, and name a job that does not exist, by
   * allocation id.
   */
  getOrphanedAllocations(
    session: Session,
    maxAgeMinutes: number,
    options?: GetOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]>;

  /**
   * Releases allocations whose job does not exist: status RELEASED, releasedTime now. Returns those that were released.
   */
  releaseOrphanedAllocations(
    session: Session,
    allocations: readonly ResourceAllocation[],
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]>;
}
