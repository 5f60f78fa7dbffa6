import { NothingLost } from '../archive/lost-rows.js';
import type { Driver, Tx } from '../driver/driver.js';
import { throwIfAborted } from '../errors.js';
import type { Totals, TotalsOptions } from '../inspection/inspection.js';
import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import { checkedAtMost } from '../paging.js';
import { cleanStale } from '../protocol/clean-stale.js';
import { type Context, type ContextParts, contextOf } from '../protocol/context.js';
import { deleteFinished } from '../protocol/delete.js';
import { failRunning, failWaiting, lockStuck, lockWaiting } from '../protocol/fail.js';
import { giveBack } from '../protocol/give-back.js';
import { type Ided, inChunks, type Written } from '../protocol/in-chunks.js';
import { Orphans } from '../protocol/orphans.js';
import { releaseOfFinished, releaseOfJobs } from '../protocol/release.js';
import { releaseOrphaned } from '../protocol/release-orphaned.js';
import type {
  CleanupRepository,
  CountOptions,
  GetCompletedOptions,
  GetOldJobsOptions,
  GetOptions,
  GetStaleOptions,
  GetStuckJobsOptions,
  Settling,
  StaleOf,
  WaitingOf,
  WriteOptions,
} from '../repository.js';
import { ageSeconds, oldSeconds, settledBefore } from '../rules/limits.js';
import type { MappedParts } from '../rules/mapped.js';
import { Requeues } from '../rules/requeues.js';
import { requireRule } from '../rules/require-rule.js';
import type { RequeueOption } from '../strategies/requeue.js';
import type { Rule } from '../strategies/rule.js';
import { presets } from '../texts/presets.js';
import { countRows, readCompleted, readOld, readOrphaned, readStale, readStuck, readWaiting } from './reads.js';
import { totalsOf } from './totals.js';

const minutes = (age: number) => ageSeconds('staleReservationMinutes', 'maxAgeMinutes', age);
const hours = (age: number) => ageSeconds('stuckHours', 'maxAgeHours', age);
const days = (age: number) => ageSeconds('oldDays', 'maxAgeDays', age);

/** `CleanupRepository` on any database that has a driver: the rules and the write protocol, once. */
export class DriverRepository<Session> implements CleanupRepository<Session> {
  /** What its operations are made of, for those who look at the same tables. */
  readonly context: Context;
  private readonly orphans = new Orphans();
  private readonly requeues: Requeues;
  private readonly nothingLost: NothingLost<Session>;
  private watched: ((tx: Tx, session: Session) => Tx) | undefined;

  /**
   * @param mapping what it leaves out is as `resolveSchema()` and `resolveFilters()` have it.
   * @param parts of the context that differ from the standard: for tests that prove a rule is tested.
   */
  constructor(
    readonly driver: Driver<Session>,
    mapping: Partial<MappedParts>,
    private readonly parts: Partial<ContextParts> = {},
  ) {
    this.context = contextOf(driver, mapping, parts);
    this.requeues = new Requeues(this.context.mapped);
    this.nothingLost = new NothingLost(driver, this.context.mapped);
  }

  /** For stores that keep what is changed: each transaction is used as `watched` has it from now on. */
  watch(watched: (tx: Tx, session: Session) => Tx): void {
    this.watched = watched;
  }

  /** For those who write to the same tables in an open transaction of theirs, by the same protocol. */
  within<Result>(session: Session, use: 'read' | 'write', work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.inTx(session, use, work);
  }

  requireRule(rule: Rule): void {
    requireRule(this.context.rules, rule);
  }

  countCompletedJobsWithUnreleasedResources(session: Session, options?: CountOptions & Settling): Promise<number> {
    return this.inTx(session, 'read', (tx) => {
      const { mapped, rules } = this.context;
      const where = rules.completed(settledBefore(tx.now, options?.settleSeconds));
      return countRows(tx, mapped.allocations.rows, where, options);
    });
  }

  getCompletedJobsWithUnreleasedResources(
    session: Session,
    options?: GetCompletedOptions,
  ): Promise<AllocationWithJob[]> {
    return this.inTx(session, 'read', (tx) => readCompleted(tx, this.context, options));
  }

  async releaseResourcesForCompletedJobs(
    session: Session,
    allocations: readonly AllocationWithJob[],
    options?: WriteOptions<AllocationWithJob> & Settling,
  ): Promise<number> {
    const changed = await this.write(session, allocations, options, (tx, some) =>
      releaseOfFinished(tx, this.context, some, options),
    );
    return changed.length;
  }

  countStaleReservations(session: Session, maxAgeMinutes: number, options?: CountOptions & StaleOf): Promise<number> {
    return this.inTx(session, 'read', (tx) => {
      const { mapped, rules } = this.context;
      const where = rules.stale(tx.now, minutes(maxAgeMinutes), options);
      return countRows(tx, mapped.allocations.rows, where, options);
    });
  }

  getStaleReservations(
    session: Session,
    maxAgeMinutes: number,
    options?: GetStaleOptions,
  ): Promise<AllocationWithJob[]> {
    return this.inTx(session, 'read', (tx) => readStale(tx, this.context, minutes(maxAgeMinutes), options));
  }

  async cleanupStaleReservation(
    session: Session,
    allocation: AllocationWithJob,
    errorMsg?: string,
    options?: WriteOptions<AllocationWithJob> & StaleOf,
  ): Promise<boolean> {
    return (await this.cleanupStaleReservations(session, [allocation], errorMsg, options)).length > 0;
  }

  cleanupStaleReservations(
    session: Session,
    allocations: readonly AllocationWithJob[],
    errorMsg = presets.en.staleReservationError,
    options?: WriteOptions<AllocationWithJob> & StaleOf,
  ): Promise<AllocationWithJob[]> {
    const failure = { errorMsg, exitCode: '-3:0' };
    const { jobStates } = options ?? {};
    const how = { jobStates, requeue: options?.requeue && this.requeues.of(options.requeue, 'begun') };
    return this.write(session, allocations, options, (tx, some) => cleanStale(tx, this.context, some, failure, how));
  }

  getStuckJobs(session: Session, maxAgeHours: number, options?: GetStuckJobsOptions): Promise<Job[]> {
    return this.inTx(session, 'read', (tx) => readStuck(tx, this.context, hours(maxAgeHours), options));
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

  markJobsAsFailed(
    session: Session,
    jobs: readonly Job[],
    errorMsg: string,
    exitCode = '-2:0',
    options?: WriteOptions<Job>,
  ): Promise<Job[]> {
    return this.write(session, jobs, options, (tx, some) =>
      failRunning(tx, this.context, some, { errorMsg, exitCode }),
    );
  }

  giveBackJobs(
    session: Session,
    jobs: readonly Job[],
    option: RequeueOption,
    errorMsg: string,
    exitCode = '-2:0',
    options?: WriteOptions<Job>,
  ): Promise<Job[]> {
    const how = { requeue: this.requeues.of(option, 'begun'), failure: { errorMsg, exitCode }, lock: lockStuck };
    return this.write(session, jobs, options, (tx, some) => giveBack(tx, this.context, some, how));
  }

  async releaseResourceForJob(
    session: Session,
    job: Job,
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<boolean> {
    return (await this.releaseResourcesForJobs(session, [job], options)).length > 0;
  }

  releaseResourcesForJobs(
    session: Session,
    jobs: readonly Job[],
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]> {
    const holders = this.context.mapped.hasAllocations ? jobs : [];
    return this.write(session, holders, options, (tx, some) =>
      releaseOfJobs(tx, this.context, some, options?.justFinished),
    );
  }

  getWaitingJobs(session: Session, maxAgeDays: number, options?: GetOptions<Job>): Promise<Job[]> {
    return this.inTx(session, 'read', (tx) => readWaiting(tx, this.context, days(maxAgeDays), options));
  }

  failWaitingJobs(
    session: Session,
    jobs: readonly Job[],
    errorMsg = presets.en.waitingJobError,
    options?: WriteOptions<Job> & WaitingOf,
  ): Promise<Job[]> {
    const failure = { errorMsg, exitCode: '-4:0' };
    const requeue = options?.requeue && this.requeues.of(options.requeue, 'waiting');
    return this.write(session, jobs, options, (tx, some) =>
      requeue === undefined
        ? failWaiting(tx, this.context, some, failure)
        : giveBack(tx, this.context, some, { requeue, failure, lock: lockWaiting }),
    );
  }

  getOldJobs(session: Session, maxAgeDays: number | null, options?: GetOldJobsOptions): Promise<Job[]> {
    const { mapped } = this.context;
    return this.inTx(session, 'read', (tx) => readOld(tx, this.context, oldSeconds(mapped, maxAgeDays), options));
  }

  async deleteJobsBatch(session: Session, jobs: readonly Job[], options?: WriteOptions<Job>): Promise<number> {
    const gone = await this.write(session, jobs, options, async (tx, some) => {
      await this.nothingLost.require(session);
      return deleteFinished(tx, this.context, this.orphans, some);
    });
    return gone.length;
  }

  getOrphanedAllocations(
    session: Session,
    maxAgeMinutes: number,
    options?: GetOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]> {
    return this.inTx(session, 'read', (tx) => readOrphaned(tx, this.context, minutes(maxAgeMinutes), options));
  }

  releaseOrphanedAllocations(
    session: Session,
    allocations: readonly ResourceAllocation[],
    options?: WriteOptions<ResourceAllocation>,
  ): Promise<ResourceAllocation[]> {
    return this.write(session, allocations, options, (tx, some) => releaseOrphaned(tx, this.context, some));
  }

  /** How many rows a rule matches, of how many, and since when: for `inspect.totals`. */
  totals(session: Session, rule: Rule, options: TotalsOptions = {}): Promise<Totals> {
    return this.inTx(session, 'read', (tx) => {
      throwIfAborted(options.signal);
      return totalsOf(tx, this.context, rule, { ...options, atMost: checkedAtMost(options.atMost) });
    });
  }

  private async write<Row extends Ided, Changed extends Ided>(
    session: Session,
    rows: readonly Row[],
    options: WriteOptions<Changed> = {},
    write: (tx: Tx, chunk: readonly Row[]) => Promise<Written<Row, Changed>>,
  ): Promise<Changed[]> {
    return this.inTx(session, 'write', async (tx) => {
      throwIfAborted(options.signal);
      const outcome = await inChunks(rows, options, (chunk) => write(tx, chunk));
      options.onOutcome?.(outcome);
      return [...outcome.changed];
    });
  }

  private async inTx<Result>(
    session: Session,
    use: 'read' | 'write',
    work: (tx: Tx) => Promise<Result>,
  ): Promise<Result> {
    try {
      const tx = await this.driver.open(session, use);
      const replaced = this.parts.tx?.(tx, session) ?? tx;
      return await work(this.watched?.(replaced, session) ?? replaced);
    } catch (error) {
      throw this.driver.translate(error);
    }
  }
}
