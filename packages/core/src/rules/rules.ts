import { allOf, anyOf, type Condition, EVERY, isIn, isNone, not } from '../driver/condition.js';
import {
  FINISHED_JOB_STATES,
  type JobState,
  type ResourceStatus,
  type StaleJobState,
  UNRELEASED_RESOURCE_STATUSES,
} from '../model.js';
import type { StaleOf } from '../repository.js';
import type { TimeColumn } from '../schema/time-column.js';
import { inAnyWay, isUnset, type Way, waysOf } from './first-set.js';
import { type AgeRule, horizonOf, OwnLimits } from './limits.js';
import type { Mapped } from './mapped.js';
import { Newest } from './newest.js';
import { chooses, unsupported } from './supported.js';

/** The specification's: a job that is not RUNNING may have been given back a moment ago. */
export const DEFAULT_STALE_JOB_STATES: readonly StaleJobState[] = ['RUNNING'];

const itself = (condition: Condition): Condition => condition;

/** What makes a running job a stuck one. */
export interface StuckBy {
  /** Its age, or for how long it has shown no sign of life. Absent: the limits that some jobs have of their own, and no other. */
  readonly maxAgeSeconds?: number | undefined;
  /** Since when jobs without a limit of their own have shown no sign, where the age is known no more. */
  readonly horizon?: bigint | undefined;
  /** Since when it has shown no sign, besides its age. */
  readonly silentSince?: bigint | undefined;
}

/** What the specification says about rows, as conditions for the database: each rule once, for reads and guards alike. */
export class Rules {
  readonly limits: Readonly<Record<AgeRule, OwnLimits>>;

  constructor(readonly mapped: Mapped) {
    this.limits = {
      staleReservationMinutes: new OwnLimits(mapped, 'staleReservationMinutes'),
      stuckHours: new OwnLimits(mapped, 'stuckHours'),
      oldDays: new OwnLimits(mapped, 'oldDays'),
    };
  }

  /** Jobs in any of some states. */
  inState(...states: readonly JobState[]): Condition {
    return this.mapped.jobs.states.in(...states);
  }

  /** Allocations in any of some statuses. */
  inStatus(...statuses: readonly ResourceStatus[]): Condition {
    return this.mapped.allocations.statuses.in(...statuses);
  }

  /** A job in an unknown state is not finished. */
  isFinished(): Condition {
    return this.inState(...FINISHED_JOB_STATES);
  }

  /** An allocation of unknown status is neither released nor unreleased: it is never written. */
  isUnreleased(): Condition {
    return allOf(this.inStatus(...UNRELEASED_RESOURCE_STATUSES), this.mapped.allocations.rows.own ?? EVERY);
  }

  isReleased(): Condition {
    return this.inStatus('RELEASED');
  }

  /** Jobs that the filters let be seen and touched. */
  isCovered(): Condition {
    const { filters, jobs } = this.mapped;
    const others = isNone(filters.exclude) ? EVERY : not(filters.exclude);
    return allOf(jobs.rows.own ?? EVERY, filters.scope, others);
  }

  /** Allocations whose job meets a condition. */
  ofJob(condition: Condition): Condition {
    return { exists: this.mapped.allocations.job, where: condition };
  }

  /** Allocations that are deleted with their job. Any other one keeps it, also one of unknown status. */
  goesWithJob(): Condition {
    return allOf(this.isReleased(), this.mapped.allocations.rows.own ?? EVERY);
  }

  /** Jobs that stay, however old: they have an allocation which is not RELEASED, or another row that keeps them. */
  isHolding(): Condition {
    const { dependents, hasAllocations } = this.mapped;
    if (!hasAllocations) return dependents.keep;
    const unreleased = { exists: this.mapped.allocations.ofJob, where: not(this.goesWithJob()) };
    return isNone(dependents.keep) ? unreleased : anyOf(unreleased, dependents.keep);
  }

  /** completed_job_cleanup: allocations that are not RELEASED although their job is finished. */
  completed(settledBefore?: bigint): Condition {
    return allOf(this.isUnreleased(), this.ofJob(this.settled(settledBefore)));
  }

  /** Jobs that are finished, of those that count. */
  finished(): Condition {
    return allOf(this.isFinished(), this.isCovered());
  }

  /** The same, which ended before an instant where one is given. Throws `UNSUPPORTED_SCHEMA` where there are no ends. */
  settled(before?: bigint): Condition {
    if (before === undefined) return this.finished();
    const ways = waysOf(this.mapped.jobs.columns.endTime);
    if (ways.length === 0)
      throw unsupported(this.mapped, 'schema.jobs.columns.endTime is null, and settleSeconds needs it');
    return allOf(
      this.finished(),
      inAnyWay(ways, (time) => this.isBefore(time, before)),
    );
  }

  /** Jobs that run, of those that count. */
  running(): Condition {
    return this.unfinished(['RUNNING']);
  }

  /** Jobs in states that are not final, of those that count. */
  unfinished(states: readonly StaleJobState[]): Condition {
    return allOf(this.isUnfinished(states), this.isCovered());
  }

  /** Jobs in any of some states that are not final. */
  isUnfinished(states: readonly StaleJobState[]): Condition {
    return this.inState(...states);
  }

  /** stale_reservation_cleanup: reservations before their horizon whose job runs, or waits, and which nothing else keeps alive. */
  stale(now: bigint, maxAgeSeconds: number, { jobStates, requeue }: StaleOf = {}): Condition {
    const { siblings, rows } = this.mapped.allocations;
    const alive = { exists: siblings, where: this.keepsAlive(now, maxAgeSeconds) };
    return allOf(
      this.isStale(now, maxAgeSeconds),
      rows.own ?? EVERY,
      this.ofJob(this.staleJob(requeue && horizonOf(now, maxAgeSeconds), jobStates)),
      not(alive),
    );
  }

  /**
   * Jobs whose reservations can be stale.
   *
   * @param silentSince of those that are given back, since when they have given no sign of life: where they run, their start
   * is one.
   */
  staleJob(silentSince: bigint | undefined, jobStates = DEFAULT_STALE_JOB_STATES): Condition {
    const unfinished = this.unfinished(jobStates);
    if (silentSince === undefined) return unfinished;
    const isWaiting = allOf(this.inState('PENDING'), not(this.hasBeaten(silentSince)));
    const isSilent = allOf(not(this.inState('PENDING')), this.isSilent(silentSince));
    return allOf(unfinished, anyOf(isSilent, isWaiting));
  }

  /** Jobs that have given a sign of life since an instant, whatever their start is. */
  private hasBeaten(since: bigint): Condition {
    const { ageColumn, sign } = this.mapped.filters;
    const isNewer = (time: TimeColumn) => allOf({ time: time.column, isSet: true }, not(this.isBefore(time, since)));
    return anyOf(
      ...(ageColumn === null ? [] : [isNewer(ageColumn)]),
      ...(sign === null ? [] : [{ exists: sign.link, where: isNewer(sign.time) }]),
    );
  }

  /** Allocations that keep their job alive: ALLOCATED, of unknown status, or RESERVED and not yet stale. */
  keepsAlive(now: bigint, maxAgeSeconds: number): Condition {
    return not(anyOf(this.isReleased(), this.isStale(now, maxAgeSeconds)));
  }

  private isStale(now: bigint, maxAgeSeconds: number): Condition {
    const isOlder = this.isOlder(waysOf([this.heldSince()]), now);
    const job = (condition: Condition) => this.ofJob(condition);
    return allOf(this.inStatus('RESERVED'), this.limits.staleReservationMinutes.isOver(maxAgeSeconds, isOlder, job));
  }

  /** stuck_job_cleanup: jobs that run and have shown no sign of life since their horizon, or are old and have not for a while. */
  stuck(now: bigint, { maxAgeSeconds, horizon, silentSince }: StuckBy = {}, ways = this.stuckWays()): Condition {
    const { stuckHours } = this.limits;
    if (silentSince !== undefined) {
      const isOlder = this.isOlder(waysOf([this.mapped.jobs.columns.startTime]), now);
      return allOf(this.running(), stuckHours.isOver(maxAgeSeconds, isOlder, itself), this.isSilent(silentSince));
    }
    const others = maxAgeSeconds ?? (horizon === undefined ? undefined : this.isSilent(horizon));
    const isOlder = (seconds: number) => this.isSilent(horizonOf(now, seconds), ways);
    return allOf(this.running(), stuckHours.isOver(others, isOlder, itself));
  }

  /** The ways to be stuck, each with the column that says since when. */
  stuckWays(): readonly Way[] {
    return waysOf(this.mapped.signs);
  }

  /** Jobs that have given no sign of life since an instant: their start is one too. */
  private isSilent(since: bigint, ways = this.stuckWays()): Condition {
    const isBefore = inAnyWay(ways, (time) => this.isBefore(time, since));
    const { sign } = this.mapped.filters;
    if (sign === null) return isBefore;
    const { column: time } = sign.time;
    const isNewer = allOf({ time, isSet: true }, not(this.isBefore(sign.time, since)));
    return allOf(isBefore, not({ exists: sign.link, where: isNewer }));
  }

  /** old_job_cleanup: finished jobs that ended before their horizon. */
  old(now: bigint, maxAgeSeconds?: number, ways = this.oldWays()): Condition {
    const isOlder = this.isOlder(ways, now);
    const { ageFrom } = this.mapped.filters;
    // Of jobs whose age nobody asks for, those that are not marked have none.
    const others = maxAgeSeconds ?? (ageFrom === null ? undefined : { time: ageFrom.column, isSet: true });
    return allOf(this.finished(), this.limits.oldDays.isOver(others, isOlder, itself));
  }

  /** The same, without the newest that stay. */
  purged(now: bigint, maxAgeSeconds: number | undefined, ways?: readonly Way[]): Condition {
    return allOf(this.old(now, maxAgeSeconds, ways), this.newest()?.beyond() ?? EVERY);
  }

  /** The jobs that stay for being new. `null`: none does. Throws `UNSUPPORTED_SCHEMA` where nobody can tell which are. */
  newest(): Newest | null {
    return Newest.of(this.mapped, () => this.finished());
  }

  /** The ways to be old, each with the column that says since when. Throws `UNSUPPORTED_SCHEMA` where there is none. */
  oldWays(): readonly Way[] {
    const ways = waysOf(this.mapped.retentionTime);
    if (ways.length > 0) return ways;
    const problem = 'schema.jobs.columns.endTime is null, and filters.ageFrom names no other time of jobs';
    throw unsupported(this.mapped, problem);
  }

  /** waiting_job_cleanup: jobs that were queued before their horizon, and never have started. */
  waiting(now: bigint, maxAgeSeconds: number): Condition {
    return allOf(this.neverStarted(), this.isBefore(this.createdTime(), horizonOf(now, maxAgeSeconds)));
  }

  /** Jobs that wait for their first start, of those that count. One that was given back has a start. */
  neverStarted(): Condition {
    return allOf(this.inState('PENDING'), this.isCovered(), isUnset([this.mapped.jobs.columns.startTime]));
  }

  /** When a job was queued. Throws `UNSUPPORTED_SCHEMA` where nothing tells. */
  createdTime(): TimeColumn {
    const { createdTime } = this.mapped.jobs.columns;
    if (createdTime !== null) return createdTime;
    throw unsupported(
      this.mapped,
      'schema.jobs.columns.createdTime is not mapped, and nothing else tells how long a job waits',
    );
  }

  /** orphaned_allocation_cleanup: allocations that hold something since before their horizon for a job that does not exist. */
  orphaned(now: bigint, maxAgeSeconds: number): Condition {
    this.requireAllJobs();
    const isOlder = this.isOlder(waysOf([this.heldSince()]), now);
    return allOf(this.isUnreleased(), isOlder(maxAgeSeconds), this.isOrphan());
  }

  /** The time since when an allocation is held. Throws `UNSUPPORTED_SCHEMA` where there is none. */
  heldSince(): TimeColumn {
    const [time] = this.mapped.allocations.heldSince;
    if (time !== undefined) return time;
    throw unsupported(
      this.mapped,
      'schema.allocations.columns.allocationTime is null, and no other time has its place',
    );
  }

  /** Throws `UNSUPPORTED_SCHEMA` where filters leave jobs out: of one that is gone nobody can tell whether it was one of those. */
  requireAllJobs(): void {
    if (!chooses(this.mapped.filters)) return;
    const problem =
      'filters.scope and filters.exclude choose among jobs, and nobody can tell whether a job that is gone was chosen';
    throw unsupported(this.mapped, problem);
  }

  /** Allocations that name a job which does not exist. */
  isOrphan(): Condition {
    const { jobId } = this.mapped.allocations.columns;
    return allOf(...jobId.map((column) => not(isIn(column, [null]))), not(this.ofJob(EVERY)));
  }

  /** Rows whose time is strictly before an instant. One that is not set is before none. */
  isBefore({ column: time, zone }: TimeColumn, instant: bigint): Condition {
    if (zone === undefined) return { time, before: instant };
    const { before, except } = zone.before(instant);
    const isBefore = { time, before };
    if (except === undefined) return isBefore;
    return allOf(isBefore, not(allOf({ time, before: except.to }, not({ time, before: except.from }))));
  }

  private isOlder(ways: readonly Way[], now: bigint): (seconds: number) => Condition {
    return (seconds) => inAnyWay(ways, (time) => this.isBefore(time, horizonOf(now, seconds)));
  }
}
