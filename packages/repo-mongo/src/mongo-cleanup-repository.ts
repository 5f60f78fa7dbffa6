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
import type { ClientSession, Connection } from 'mongoose';
import { type MongoContext, mongoContext } from './context.js';
import { allocationsOf, type Mapping } from './mapping/mapping.js';
import type { MongoRepositoryOptions } from './options.js';
import { daysMs, hoursMs, minutesMs } from './reads/ages.js';
import { readCompleted } from './reads/completed.js';
import { countRows } from './reads/count.js';
import { readJobs } from './reads/jobs.js';
import { completedWithUnreleased, oldJobs, stuckJobs } from './reads/rules.js';
import { countStale, readStale } from './reads/stale.js';
import type { OpenSession } from './session/open-session.js';
import type { Sessions } from './session/sessions.js';
import { translateError } from './translate-error.js';
import { inChunks } from './writes/chunks.js';
import { cleanStale } from './writes/clean-stale.js';
import { deleteFinished } from './writes/delete.js';
import { failRunning } from './writes/fail.js';
import { Orphans } from './writes/orphans.js';
import { releaseOfFinished, releaseOfJobs } from './writes/release.js';

/**
 * `CleanupRepository` on mongoose, for people who bring their own transactions; `mongoStore` has one inside.
 *
 * @example
 * const repository = new MongoCleanupRepository(connection);
 * await connection.transaction(async (session) => {
 *   const stuck = await repository.getStuckJobs(session, 48);
 *   await repository.markJobsAsFailed(session, stuck, 'Ran for two days');
 * });
 */
export class MongoCleanupRepository implements CleanupRepository<ClientSession> {
  private readonly mapping: Mapping;
  private readonly sessions: Sessions;
  private readonly orphans = new Orphans();

  /**
   * Throws `INVALID_OPTION` for a value out of its range and `INVALID_SCHEMA` for a mapping that contradicts itself.
   *
   * @param context what `mongoStore` shares between the repository and its transactions.
   */
  constructor(
    connection: Connection,
    options: MongoRepositoryOptions = {},
    { mapping, sessions }: MongoContext = mongoContext(connection, options),
  ) {
    this.mapping = mapping;
    this.sessions = sessions;
  }

  countCompletedJobsWithUnreleasedResources(session: ClientSession, options?: CountOptions): Promise<number> {
    return this.read(session, (open) => {
      const { collection } = allocationsOf(this.mapping);
      return countRows(open, collection, completedWithUnreleased(this.mapping, {}), options);
    });
  }

  getCompletedJobsWithUnreleasedResources(
    session: ClientSession,
    options?: GetOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    return this.read(session, (open) => readCompleted(open, this.mapping, options));
  }

  async releaseResourcesForCompletedJobs(
    session: ClientSession,
    allocations: readonly AllocationWithJob[],
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<number> {
    const { changed } = await this.write(session, options, (open) => {
      allocationsOf(this.mapping);
      return inChunks(allocations, options, (chunk) => releaseOfFinished(open, this.mapping, chunk));
    });
    return changed.length;
  }

  countStaleReservations(session: ClientSession, maxAgeMinutes: number, options?: CountOptions): Promise<number> {
    return this.read(session, (open) => {
      return countStale(open, this.mapping, minutesMs(maxAgeMinutes), options);
    });
  }

  getStaleReservations(
    session: ClientSession,
    maxAgeMinutes: number,
    options?: GetOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    return this.read(session, (open) => {
      return readStale(open, this.mapping, minutesMs(maxAgeMinutes), options);
    });
  }

  async cleanupStaleReservation(
    session: ClientSession,
    allocation: AllocationWithJob,
    errorMsg?: string,
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<boolean> {
    return (await this.cleanupStaleReservations(session, [allocation], errorMsg, options)).length > 0;
  }

  async cleanupStaleReservations(
    session: ClientSession,
    allocations: readonly AllocationWithJob[],
    errorMsg = presets.en.staleReservationError,
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    const { changed } = await this.write(session, options, (open) => {
      allocationsOf(this.mapping);
      return inChunks(allocations, options, (chunk) => cleanStale(open, this.mapping, chunk, errorMsg));
    });
    return [...changed];
  }

  getStuckJobs(session: ClientSession, maxAgeHours: number, options?: GetOptions<Job>): Promise<Job[]> {
    return this.read(session, (open) => {
      const maxAgeMs = hoursMs(maxAgeHours);
      return readJobs(
        open,
        this.mapping,
        'ageTime',
        (place) => stuckJobs(this.mapping, open.nowMs, maxAgeMs, place),
        options,
      );
    });
  }

  async markJobAsFailed(
    session: ClientSession,
    job: Job,
    errorMsg: string,
    exitCode?: string,
    options?: WriteOptions<Job>,
  ): Promise<boolean> {
    return (await this.markJobsAsFailed(session, [job], errorMsg, exitCode, options)).length > 0;
  }

  async markJobsAsFailed(
    session: ClientSession,
    jobs: readonly Job[],
    errorMsg: string,
    exitCode = '-2:0',
    options?: WriteOptions<Job>,
  ): Promise<Job[]> {
    const { changed } = await this.write(session, options, (open) =>
      inChunks(jobs, options, (chunk) => failRunning(open, this.mapping, chunk, errorMsg, exitCode)),
    );
    return [...changed];
  }

  async releaseResourceForJob(
    session: ClientSession,
    job: Job,
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<boolean> {
    return (await this.releaseResourcesForJobs(session, [job], options)).length > 0;
  }

  async releaseResourcesForJobs(
    session: ClientSession,
    jobs: readonly Job[],
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]> {
    const given = this.mapping.allocations === null ? [] : jobs;
    const { changed } = await this.write(session, options, (open) =>
      inChunks(given, options, (chunk) => releaseOfJobs(open, this.mapping, chunk)),
    );
    return [...changed];
  }

  getOldJobs(session: ClientSession, maxAgeDays: number, options?: GetOptions<Job>): Promise<Job[]> {
    return this.read(session, (open) => {
      const maxAgeMs = daysMs(maxAgeDays);
      return readJobs(
        open,
        this.mapping,
        'endTime',
        (place) => oldJobs(this.mapping, open.nowMs, maxAgeMs, place),
        options,
      );
    });
  }

  async deleteJobsBatch(session: ClientSession, jobs: readonly Job[], options?: WriteOptions<Job>): Promise<number> {
    const { changed } = await this.write(session, options, (open) => {
      const write = (chunk: readonly Job[]) => deleteFinished(open, this.mapping, this.orphans, chunk, options?.signal);
      return inChunks(jobs, options, write);
    });
    return changed.length;
  }

  private read<Result>(session: ClientSession, query: (open: OpenSession) => Promise<Result>): Promise<Result> {
    return this.run(session, 'read', query);
  }

  private write<Result>(
    session: ClientSession,
    options: WriteOptions<never> | undefined,
    change: (open: OpenSession) => Promise<Result>,
  ): Promise<Result> {
    return this.run(session, 'write', (open) => {
      throwIfAborted(options?.signal);
      return change(open);
    });
  }

  private async run<Result>(
    session: ClientSession,
    use: 'read' | 'write',
    work: (open: OpenSession) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work(await this.sessions.open(session, use));
    } catch (error) {
      throw translateError(error, false);
    }
  }
}
