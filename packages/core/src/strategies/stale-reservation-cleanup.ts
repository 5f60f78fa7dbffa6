import type { AllocationWithJob } from '../model.js';
import type { PassResult } from '../pass/result.js';
import type { CleanupRepository, CountOptions, GetOptions, WriteOptions } from '../repository.js';
import { en } from '../texts/en.js';
import { BaseCleanupStrategy, type StrategyOptions } from './base.js';
import { definitions } from './definitions.js';
import { laterBy } from './later-by.js';
import type { Rule } from './rule.js';

export interface StaleReservationOptions extends StrategyOptions {
  /** A reservation older than this never started. Default: 10. */
  readonly maxAgeMinutes?: number;
}

/** More than this in one pass points at the queue or the workers rather than at single jobs. */
const MANY = 10;

/** Fails jobs whose reservation timed out, and releases the reservation. */
export class StaleReservationCleanupStrategy<Session> extends BaseCleanupStrategy<Session, AllocationWithJob> {
  readonly rule: Rule;
  private readonly maxAgeMinutes: number;

  constructor(repository: CleanupRepository<Session>, options: StaleReservationOptions = {}) {
    const { maxAgeMinutes = 10 } = options;
    super(definitions.stale_reservation_cleanup, repository, options, { maxAgeMinutes });
    this.rule = { name: 'stale_reservation_cleanup', maxAgeMinutes };
    this.maxAgeMinutes = maxAgeMinutes;
  }

  find(session: Session, page: GetOptions<AllocationWithJob>) {
    return this.repository.getStaleReservations(session, this.maxAgeMinutes, { ...page, details: false });
  }

  repair(session: Session, rows: readonly AllocationWithJob[], options: WriteOptions<AllocationWithJob>) {
    return this.repository.cleanupStaleReservations(session, rows, this.texts.staleReservationError, options);
  }

  describe(row: AllocationWithJob, { samples } = this.texts) {
    const until = row.releasedTime ?? this.clock.now();
    const minutes = row.allocationTime === null ? 0 : (until.getTime() - row.allocationTime.getTime()) / 60_000;
    return samples.stale(row, minutes.toFixed(1));
  }

  dueSince({ allocationTime }: AllocationWithJob) {
    return laterBy(allocationTime, this.maxAgeMinutes * 60_000);
  }

  override announce(rows: readonly AllocationWithJob[]) {
    for (const row of rows) this.logger.warn(`♻️  [${this.name}] ${this.describe(row, en)}`);
  }

  protected override count(session: Session, options: CountOptions) {
    return this.repository.countStaleReservations(session, this.maxAgeMinutes, options);
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
