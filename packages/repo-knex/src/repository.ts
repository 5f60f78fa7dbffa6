import {
  type AllocationWithJob,
  type CleanupRepository,
  type CountOptions,
  type GetOptions,
  invalidOption,
  type Job,
  presets,
  type ResourceAllocation,
  throwIfAborted,
  type WriteOptions,
} from '@jobsweep/core';
import type { Knex } from 'knex';
import { type Context, contextOf } from './context.js';
import type { KnexStoreOptions } from './options.js';
import { readById, readByTime } from './reads/allocations.js';
import { countRows } from './reads/count.js';
import { readJobs } from './reads/jobs.js';
import { completedWithUnreleased, oldJobs, staleReservations, stuckJobs } from './reads/rules.js';
import { allocationsOf, type Tables } from './rows/tables.js';
import type { Sessions } from './sessions.js';
import { inChunks } from './writes/chunks.js';
import { cleanStale } from './writes/clean-stale.js';
import { deleteFinished } from './writes/delete.js';
import { failRunning } from './writes/fail.js';
import { releaseOfFinished, releaseOfJobs } from './writes/release.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MAX_AGE_SECONDS = 100 * 365 * DAY;

/**
 * `CleanupRepository` on knex, for people who bring their own transactions; `knexStore` has one inside.
 *
 * @example
 * const repository = new KnexCleanupRepository(knex);
 * await knex.transaction(async (trx) => {
 *   const stuck = await repository.getStuckJobs(trx, 48);
 *   await repository.markJobsAsFailed(trx, stuck, 'Ran for two days');
 * }, { isolationLevel: 'read committed' });
 */
export class KnexCleanupRepository implements CleanupRepository<Knex.Transaction> {
  private readonly tables: Tables;
  private readonly sessions: Sessions;

  /**
   * Throws `INVALID_OPTION` for an unsupported database and `INVALID_SCHEMA` for a mapping that contradicts itself.
   *
   * @param context what `knexStore` shares between the repository and its transactions.
   */
  constructor(
    knex: Knex,
    options: Pick<KnexStoreOptions, 'schema' | 'clock'> = {},
    context: Context = contextOf(knex, options),
  ) {
    this.tables = context.tables;
    this.sessions = context.sessions;
  }

  countCompletedJobsWithUnreleasedResources(session: Knex.Transaction, options?: CountOptions): Promise<number> {
    return this.read(session, () => countRows(session, completedWithUnreleased(session, this.tables), options));
  }

  getCompletedJobsWithUnreleasedResources(
    session: Knex.Transaction,
    options?: GetOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    const rule = () => completedWithUnreleased(session, this.tables);
    return this.read(session, () => readById(session, this.tables, rule, options));
  }

  async releaseResourcesForCompletedJobs(
    session: Knex.Transaction,
    allocations: readonly AllocationWithJob[],
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<number> {
    const write = (chunk: readonly AllocationWithJob[]) => releaseOfFinished(session, this.tables, chunk);
    const { changed } = await this.write(session, options, () => inChunks(allocations, options, write), true);
    return changed.length;
  }

  countStaleReservations(session: Knex.Transaction, maxAgeMinutes: number, options?: CountOptions): Promise<number> {
    return this.read(session, () => {
      const maxAgeSeconds = seconds('maxAgeMinutes', maxAgeMinutes, MINUTE);
      return countRows(session, staleReservations(session, this.tables, maxAgeSeconds), options);
    });
  }

  getStaleReservations(
    session: Knex.Transaction,
    maxAgeMinutes: number,
    options?: GetOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    return this.read(session, () => {
      const maxAgeSeconds = seconds('maxAgeMinutes', maxAgeMinutes, MINUTE);
      const rule = () => staleReservations(session, this.tables, maxAgeSeconds);
      return readByTime(session, this.tables, rule, maxAgeSeconds, options);
    });
  }

  async cleanupStaleReservation(
    session: Knex.Transaction,
    allocation: AllocationWithJob,
    errorMsg?: string,
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<boolean> {
    return (await this.cleanupStaleReservations(session, [allocation], errorMsg, options)).length > 0;
  }

  async cleanupStaleReservations(
    session: Knex.Transaction,
    allocations: readonly AllocationWithJob[],
    errorMsg = presets.en.staleReservationError,
    options?: WriteOptions<AllocationWithJob>,
  ): Promise<AllocationWithJob[]> {
    const write = (chunk: readonly AllocationWithJob[]) => cleanStale(session, this.tables, chunk, errorMsg);
    const { changed } = await this.write(session, options, () => inChunks(allocations, options, write), true);
    return [...changed];
  }

  getStuckJobs(session: Knex.Transaction, maxAgeHours: number, options?: GetOptions<Job>): Promise<Job[]> {
    return this.read(session, () => {
      const rule = () => stuckJobs(session, this.tables, seconds('maxAgeHours', maxAgeHours, HOUR));
      return readJobs(session, this.tables, rule, 'startTime', options);
    });
  }

  async markJobAsFailed(
    session: Knex.Transaction,
    job: Job,
    errorMsg: string,
    exitCode?: string,
    options?: WriteOptions<Job>,
  ): Promise<boolean> {
    return (await this.markJobsAsFailed(session, [job], errorMsg, exitCode, options)).length > 0;
  }

  async markJobsAsFailed(
    session: Knex.Transaction,
    jobs: readonly Job[],
    errorMsg: string,
    exitCode = '-2:0',
    options?: WriteOptions<Job>,
  ): Promise<Job[]> {
    const write = (chunk: readonly Job[]) => failRunning(session, this.tables, chunk, errorMsg, exitCode);
    const { changed } = await this.write(session, options, () => inChunks(jobs, options, write));
    return [...changed];
  }

  async releaseResourceForJob(
    session: Knex.Transaction,
    job: Job,
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<boolean> {
    return (await this.releaseResourcesForJobs(session, [job], options)).length > 0;
  }

  async releaseResourcesForJobs(
    session: Knex.Transaction,
    jobs: readonly Job[],
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]> {
    const given = this.tables.schema.allocations === null ? [] : jobs;
    const write = (chunk: readonly Job[]) => releaseOfJobs(session, this.tables, chunk);
    const { changed } = await this.write(session, options, () => inChunks(given, options, write));
    return [...changed];
  }

  getOldJobs(session: Knex.Transaction, maxAgeDays: number, options?: GetOptions<Job>): Promise<Job[]> {
    return this.read(session, () => {
      const rule = () => oldJobs(session, this.tables, seconds('maxAgeDays', maxAgeDays, DAY));
      return readJobs(session, this.tables, rule, 'endTime', options);
    });
  }

  async deleteJobsBatch(session: Knex.Transaction, jobs: readonly Job[], options?: WriteOptions<Job>): Promise<number> {
    const write = (chunk: readonly Job[]) => deleteFinished(session, this.tables, chunk, options?.signal);
    const { changed } = await this.write(session, options, () => inChunks(jobs, options, write));
    return changed.length;
  }

  private async read<Result>(session: Knex.Transaction, query: () => Promise<Result>): Promise<Result> {
    this.sessions.requireTransaction(session);
    try {
      return await query();
    } catch (error) {
      throw this.tables.dialect.translate(error, false);
    }
  }

  private async write<Result>(
    session: Knex.Transaction,
    options: WriteOptions<never> | undefined,
    change: () => Promise<Result>,
    needsAllocations = false,
  ): Promise<Result> {
    return this.read(session, async () => {
      throwIfAborted(options?.signal);
      if (needsAllocations) allocationsOf(this.tables);
      await this.sessions.requireReadCommitted(session);
      return change();
    });
  }
}

function seconds(field: string, age: number, unitSeconds: number): number {
  const max = Math.floor(MAX_AGE_SECONDS / unitSeconds);
  if (age > 0 && age <= max) return age * unitSeconds;
  throw invalidOption(field, age, `give a number above 0 and at most ${max}`);
}
