import { throwIfAborted } from '../errors.js';
import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import type { CleanupRepository, CountOptions, GetOptions, WriteOptions, WriteOutcome } from '../repository.js';
import { presets } from '../texts/presets.js';
import { checkAge } from './ages.js';
import { type Context, contextOf } from './context.js';
import type { MemoryDatabase } from './engine/database.js';
import type { MemorySession } from './engine/session.js';
import type { View } from './engine/view.js';
import { filtersOf } from './filters.js';
import { requireOpen } from './open.js';
import type { MemoryStoreOptions } from './options.js';
import { pageById, pageByTime } from './reads/allocations.js';
import { pageByAge, pageByEnd } from './reads/jobs.js';
import { checkBounds } from './reads/page.js';
import { completedWithUnreleased, oldJobs, staleReservations, stuckJobs } from './reads/rules.js';
import { byId } from './rows/ids.js';
import { Rules } from './rules.js';
import { cleanStale } from './writes/clean-stale.js';
import { deleteFinished } from './writes/delete.js';
import { failRunning } from './writes/fail.js';
import { releaseOfFinished, releaseOfJobs } from './writes/release.js';

/** `CleanupRepository` on tables in memory, for people who bring their own transactions: `database.begin()`. */
export class MemoryCleanupRepository implements CleanupRepository<MemorySession> {
  private readonly context: Context;

  /** @param rules what is due and what is unchanged. Others than these are for tests that prove a rule is tested. */
  constructor(
    database: MemoryDatabase,
    { filters, clock }: Pick<MemoryStoreOptions, 'filters' | 'clock'> = {},
    rules: Rules = new Rules(),
  ) {
    this.context = contextOf(database, { clock, filters: filtersOf(filters), rules });
  }

  countCompletedJobsWithUnreleasedResources(session: MemorySession, options?: CountOptions): Promise<number> {
    return this.count(session, options, (view) => completedWithUnreleased(this.context, view));
  }

  getCompletedJobsWithUnreleasedResources(
    session: MemorySession,
    options?: GetOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    return this.get(session, options, (view) =>
      pageById(this.context, completedWithUnreleased(this.context, view), options),
    );
  }

  async releaseResourcesForCompletedJobs(
    session: MemorySession,
    allocations: readonly AllocationWithJob[],
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<number> {
    const write = (rows: readonly AllocationWithJob[]) => releaseOfFinished(session, this.context, rows);
    return (await this.write(session, allocations, options, write)).length;
  }

  async countStaleReservations(session: MemorySession, maxAgeMinutes: number, options?: CountOptions): Promise<number> {
    checkAge('maxAgeMinutes', maxAgeMinutes, 24 * 60);
    return this.count(session, options, (view) => staleReservations(this.context, view, maxAgeMinutes));
  }

  async getStaleReservations(
    session: MemorySession,
    maxAgeMinutes: number,
    options?: GetOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    checkAge('maxAgeMinutes', maxAgeMinutes, 24 * 60);
    return this.get(session, options, (view) =>
      pageByTime(this.context, staleReservations(this.context, view, maxAgeMinutes), options),
    );
  }

  async cleanupStaleReservation(
    session: MemorySession,
    allocation: AllocationWithJob,
    errorMsg?: string,
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<boolean> {
    return (await this.cleanupStaleReservations(session, [allocation], errorMsg, options)).length > 0;
  }

  cleanupStaleReservations(
    session: MemorySession,
    allocations: readonly AllocationWithJob[],
    errorMsg = presets.en.staleReservationError,
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    const write = (rows: readonly AllocationWithJob[]) => cleanStale(session, this.context, rows, errorMsg);
    return this.write(session, allocations, options, write);
  }

  async getStuckJobs(session: MemorySession, maxAgeHours: number, options?: GetOptions<Job>): Promise<Job[]> {
    checkAge('maxAgeHours', maxAgeHours, 24);
    return this.get(session, options, (view) =>
      pageByAge(this.context, stuckJobs(this.context, view, maxAgeHours), options),
    );
  }

  async markJobAsFailed(
    session: MemorySession,
    job: Job,
    errorMsg: string,
    exitCode?: string,
    options?: WriteOptions<Job>,
  ): Promise<boolean> {
    return (await this.markJobsAsFailed(session, [job], errorMsg, exitCode, options)).length > 0;
  }

  markJobsAsFailed(
    session: MemorySession,
    jobs: readonly Job[],
    errorMsg: string,
    exitCode = '-2:0',
    options?: WriteOptions<Job>,
  ): Promise<Job[]> {
    const write = (rows: readonly Job[]) => failRunning(session, this.context, rows, errorMsg, exitCode);
    return this.write(session, jobs, options, write);
  }

  async releaseResourceForJob(
    session: MemorySession,
    job: Job,
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<boolean> {
    return (await this.releaseResourcesForJobs(session, [job], options)).length > 0;
  }

  releaseResourcesForJobs(
    session: MemorySession,
    jobs: readonly Job[],
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]> {
    return this.write(session, jobs, options, (rows) => releaseOfJobs(session, this.context, rows));
  }

  async getOldJobs(session: MemorySession, maxAgeDays: number, options?: GetOptions<Job>): Promise<Job[]> {
    checkAge('maxAgeDays', maxAgeDays, 1);
    return this.get(session, options, (view) =>
      pageByEnd(this.context, oldJobs(this.context, view, maxAgeDays), options),
    );
  }

  async deleteJobsBatch(session: MemorySession, jobs: readonly Job[], options?: WriteOptions<Job>): Promise<number> {
    return (await this.write(session, jobs, options, (rows) => deleteFinished(session, this.context, rows))).length;
  }

  private async count(
    session: MemorySession,
    options: CountOptions = {},
    due: (view: View) => readonly unknown[],
  ): Promise<number> {
    requireOpen(session);
    checkBounds(options);
    return Math.min((await session.select(due)).length, options.atMost ?? Number.POSITIVE_INFINITY);
  }

  private async get<Row>(
    session: MemorySession,
    options: GetOptions<Row> = {},
    page: (view: View) => Row[],
  ): Promise<Row[]> {
    requireOpen(session);
    checkBounds(options);
    return session.select(page);
  }

  /** Writes each row once, and reports what became of all of them. */
  private async write<Row extends { readonly id: string }, Changed>(
    session: MemorySession,
    rows: readonly Row[],
    options: WriteOptions<Changed> = {},
    change: (rows: readonly Row[]) => Promise<WriteOutcome<Changed>>,
  ): Promise<Changed[]> {
    requireOpen(session);
    throwIfAborted(options.signal);
    const outcome = await change([...byId(rows).values()]);
    options.onOutcome?.(outcome);
    return [...outcome.changed];
  }
}
