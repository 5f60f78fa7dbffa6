import {
  type AllocationWithJob,
  type CleanupRepository,
  type CountOptions,
  type GetOptions,
  type Job,
  presets,
  type ResourceAllocation,
  throwIfAborted,
  type WriteOptions,
} from '@jobsweep/core';
import { ageSeconds, DAY, HOUR, MINUTE } from './ages.js';
import type { SqlContext } from './context.js';
import type { SqlSession } from './library.js';
import { readById, readByTime } from './reads/allocations.js';
import { countRows } from './reads/count.js';
import { readJobs } from './reads/jobs.js';
import { completedWithUnreleased, oldJobs, staleReservations, stuckJobs } from './reads/rules.js';
import { allocationsOf, jobsAs, type Tables } from './rows/tables.js';
import type { Sessions } from './sessions.js';
import { inChunks } from './writes/chunks.js';
import { cleanStale } from './writes/clean-stale.js';
import { deleteFinished } from './writes/delete.js';
import { failRunning } from './writes/fail.js';
import { releaseOfFinished, releaseOfJobs } from './writes/release.js';

/** `CleanupRepository` on a SQL database, whatever library runs the statements. */
export class SqlCleanupRepository<Session extends object> implements CleanupRepository<Session> {
  private readonly tables: Tables;
  private readonly sessions: Sessions<Session>;

  constructor({ tables, sessions }: SqlContext<Session>) {
    this.tables = tables;
    this.sessions = sessions;
  }

  countCompletedJobsWithUnreleasedResources(session: Session, options?: CountOptions): Promise<number> {
    return this.read(session, (open) => countRows(open, completedWithUnreleased(open.build, this.tables), options));
  }

  getCompletedJobsWithUnreleasedResources(
    session: Session,
    options?: GetOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    return this.read(session, (open) => {
      const rule = () => completedWithUnreleased(open.build, this.tables);
      return readById(open, this.tables, rule, options);
    });
  }

  async releaseResourcesForCompletedJobs(
    session: Session,
    allocations: readonly AllocationWithJob[],
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<number> {
    const { changed } = await this.write(
      session,
      options,
      (open) => {
        const write = (chunk: readonly AllocationWithJob[]) => releaseOfFinished(open, this.tables, chunk);
        return inChunks(allocations, options, write);
      },
      true,
    );
    return changed.length;
  }

  countStaleReservations(session: Session, maxAgeMinutes: number, options?: CountOptions): Promise<number> {
    return this.read(session, (open) => {
      const maxAgeSeconds = ageSeconds('maxAgeMinutes', maxAgeMinutes, MINUTE);
      return countRows(open, staleReservations(open.build, this.tables, maxAgeSeconds), options);
    });
  }

  getStaleReservations(
    session: Session,
    maxAgeMinutes: number,
    options?: GetOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    return this.read(session, (open) => {
      const maxAgeSeconds = ageSeconds('maxAgeMinutes', maxAgeMinutes, MINUTE);
      const rule = () => staleReservations(open.build, this.tables, maxAgeSeconds);
      return readByTime(open, this.tables, rule, maxAgeSeconds, options);
    });
  }

  async cleanupStaleReservation(
    session: Session,
    allocation: AllocationWithJob,
    errorMsg?: string,
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<boolean> {
    return (await this.cleanupStaleReservations(session, [allocation], errorMsg, options)).length > 0;
  }

  async cleanupStaleReservations(
    session: Session,
    allocations: readonly AllocationWithJob[],
    errorMsg = presets.en.staleReservationError,
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    const { changed } = await this.write(
      session,
      options,
      (open) => {
        const write = (chunk: readonly AllocationWithJob[]) => cleanStale(open, this.tables, chunk, errorMsg);
        return inChunks(allocations, options, write);
      },
      true,
    );
    return [...changed];
  }

  getStuckJobs(session: Session, maxAgeHours: number, options?: GetOptions<Job>): Promise<Job[]> {
    return this.read(session, (open) => {
      const rule = () => stuckJobs(open.build, this.tables, ageSeconds('maxAgeHours', maxAgeHours, HOUR));
      return readJobs(open, this.tables, rule, 'ageTime', options);
    });
  }

  async markJobAsFailed(
    session: Session,
    job: Job,
    errorMsg: string,
    exitCode?: string,
    options?: WriteOptions<Job>,
  ): Promise<boolean> {
    return (await this.markJobsAsFailed(session, [job], errorMsg, exitCode, options)).length > 0;
  }

  async markJobsAsFailed(
    session: Session,
    jobs: readonly Job[],
    errorMsg: string,
    exitCode = '-2:0',
    options?: WriteOptions<Job>,
  ): Promise<Job[]> {
    const { changed } = await this.write(session, options, (open) => {
      const write = (chunk: readonly Job[]) => failRunning(open, this.tables, chunk, errorMsg, exitCode);
      return inChunks(jobs, options, write);
    });
    return [...changed];
  }

  async releaseResourceForJob(
    session: Session,
    job: Job,
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<boolean> {
    return (await this.releaseResourcesForJobs(session, [job], options)).length > 0;
  }

  async releaseResourcesForJobs(
    session: Session,
    jobs: readonly Job[],
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]> {
    const given = this.tables.schema.allocations === null ? [] : jobs;
    const { changed } = await this.write(session, options, (open) => {
      const write = (chunk: readonly Job[]) => releaseOfJobs(open, this.tables, chunk);
      return inChunks(given, options, write);
    });
    return [...changed];
  }

  getOldJobs(session: Session, maxAgeDays: number, options?: GetOptions<Job>): Promise<Job[]> {
    return this.read(session, (open) => {
      const rule = () => oldJobs(open.build, this.tables, ageSeconds('maxAgeDays', maxAgeDays, DAY));
      return readJobs(open, this.tables, rule, 'endTime', options);
    });
  }

  async deleteJobsBatch(session: Session, jobs: readonly Job[], options?: WriteOptions<Job>): Promise<number> {
    const { changed } = await this.write(session, options, (open) => {
      const write = (chunk: readonly Job[]) => deleteFinished(open, this.tables, chunk, options?.signal);
      return inChunks(jobs, options, write);
    });
    return changed.length;
  }

  private async read<Result>(session: Session, query: (open: SqlSession) => Promise<Result>): Promise<Result> {
    const open = this.sessions.open(session);
    try {
      return await query(open);
    } catch (error) {
      throw this.tables.dialect.translate(error, false);
    }
  }

  private async write<Result>(
    session: Session,
    options: WriteOptions<never> | undefined,
    change: (open: SqlSession) => Promise<Result>,
    needsAllocations = false,
  ): Promise<Result> {
    return this.read(session, async (open) => {
      throwIfAborted(options?.signal);
      if (needsAllocations) allocationsOf(this.tables);
      const { build } = open;
      const touch = build
        .select(build.raw('1'))
        .from(jobsAs(build, this.tables, 'j'))
        .limit(1);
      await this.sessions.requireReadCommitted(session, open, touch);
      return change(open);
    });
  }
}
