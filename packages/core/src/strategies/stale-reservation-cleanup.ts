import type { AllocationWithJob, StaleJobState } from '../model.js';
import type { PassResult } from '../pass/result.js';
import type { CleanupRepository, CountOptions, GetOptions, StaleOf, WriteOptions } from '../repository.js';
import { en } from '../texts/en.js';
import { BaseCleanupStrategy, type StrategyOptions } from './base.js';
import { definitions } from './definitions.js';
import { laterBy } from './later-by.js';
import type { RequeueOption } from './requeue.js';
import type { RuleOf } from './rule.js';

export interface StaleReservationOptions<Session = unknown> extends StrategyOptions<AllocationWithJob, Session> {
  /** A reservation older than this never started. Default: 10. */
  readonly maxAgeMinutes?: number;
  /**
   * The states of the jobs whose reservations time out. PENDING besides: a job is taken as RUNNING only when it has begun, and
   * what was reserved for it before stays when that never happens. Default: `['RUNNING']`.
   */
  readonly jobStates?: readonly StaleJobState[];
  /** Gives jobs back in place of failing them, while they have tries left; needs a sign of life. Default: they fail. */
  readonly requeue?: RequeueOption;
}

/** More than this in one pass points at the queue or the workers rather than at single jobs. */
const MANY = 10;

/** Fails jobs whose reservation timed out, and releases the reservation. */
export class StaleReservationCleanupStrategy<Session> extends BaseCleanupStrategy<Session, AllocationWithJob> {
  readonly rule: RuleOf<'stale_reservation_cleanup'>;

  private readonly staleOf: StaleOf;

  constructor(repository: CleanupRepository<Session>, options: StaleReservationOptions<NoInfer<Session>> = {}) {
    const { maxAgeMinutes = 10, jobStates, requeue } = options;
    super(definitions.stale_reservation_cleanup, repository, options, { maxAgeMinutes });
    this.staleOf = { ...(jobStates && { jobStates }), ...(requeue && { requeue }) };
    this.rule = this.checked({ name: 'stale_reservation_cleanup', maxAgeMinutes, ...this.staleOf });
  }

  find(session: Session, page: GetOptions<AllocationWithJob>) {
    const { repository, rule, staleOf } = this;
    return repository.getStaleReservations(session, rule.maxAgeMinutes, { ...page, ...staleOf, details: false });
  }

  repair(session: Session, rows: readonly AllocationWithJob[], options: WriteOptions<AllocationWithJob>) {
    const { repository, staleOf, texts } = this;
    return repository.cleanupStaleReservations(session, rows, texts.staleReservationError, { ...options, ...staleOf });
  }

  describe(row: AllocationWithJob, { samples } = this.texts) {
    const until = row.releasedTime ?? this.clock.now();
    const minutes = row.allocationTime === null ? 0 : (until.getTime() - row.allocationTime.getTime()) / 60_000;
    return samples.stale(row, minutes.toFixed(1));
  }

  dueSince({ allocationTime }: AllocationWithJob) {
    return laterBy(allocationTime, this.rule.maxAgeMinutes * 60_000);
  }

  override announce(rows: readonly AllocationWithJob[]) {
    for (const row of rows) this.logger.warn(`♻️  [${this.name}] ${this.describe(row, en)}`);
  }

  protected override count(session: Session, options: CountOptions) {
    return this.repository.countStaleReservations(session, this.rule.maxAgeMinutes, { ...options, ...this.staleOf });
  }

  protected override announceCount(count: number, shown: string) {
    if (count === 0) this.logger.debug(`[${this.name}] No stale reservations, skipping`);
    else this.logger.info(`[${this.name}] Found ${shown} stale reservations to clean`);
  }

  override after({ itemsCleaned }: PassResult) {
    if (itemsCleaned <= MANY) return;
    this.logger.warn(
      `[${this.name}] ⚠️  Cleaned ${itemsCleaned} stale reservations (may indicate queue or worker issues)`,
    );
  }
}
