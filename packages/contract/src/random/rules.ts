import type { AllocationRow, JobRow } from '../cluster.js';

/** A job with what belongs to it. */
export interface JobAndAllocations {
  /** `undefined`: there is no such job. */
  readonly job: JobRow | undefined;
  readonly allocations: readonly AllocationRow[];
}

/** The limits that the strategies get: all times of the application are long before them or long after. */
export const LIMITS = { maxAgeMinutes: 1440, maxAgeHours: 48, maxAgeDays: 30 } as const;

const FINISHED: readonly unknown[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
const UNRELEASED: readonly unknown[] = ['RESERVED', 'ALLOCATED'];

export const isFinished = (job: JobRow): boolean => FINISHED.includes(job.state);
export const isUnreleased = ({ status }: AllocationRow): boolean => UNRELEASED.includes(status);

/** How often a job is given back, where any is. */
export const MAX_TRIES = 2;

/** What the strategies are told beside their limits. */
export interface RaceOptions {
  /** Whether jobs are given back while they have tries, in place of failing. Default: `false`. */
  readonly givesBack?: boolean;
  /** Whether reservations of jobs that wait can be stale too; then workers make some. Default: `false`. */
  readonly ofWaiting?: boolean;
  /** How many of the newest finished jobs of each `note` stay, however old. Default: 0. */
  readonly keepNewest?: number;
}

/** The rules of the specification, said once more in the plainest words, as the judge of the races has them. */
export class Rules {
  /** @param horizon ISO 8601: every limit lies near it, and every time of the application far from it. */
  constructor(
    private readonly horizon: string,
    private readonly options: RaceOptions = {},
  ) {}

  get ofWaiting(): boolean {
    return this.options.ofWaiting ?? false;
  }

  get keepsNewest(): boolean {
    return (this.options.keepNewest ?? 0) > 0;
  }

  /** Whether a job that is due is to wait again in place of failing: its tries are in the column `tenant`. */
  isGivenBack({ tenant }: JobRow): boolean {
    return this.options.givesBack === true && Number(tenant ?? 0) < MAX_TRIES;
  }

  isStuck(job: JobRow): boolean {
    return job.state === 'RUNNING' && this.isOld(job.startTime);
  }

  isStale({ job, allocations }: JobAndAllocations): boolean {
    const held = allocations.filter(isUnreleased);
    const areStale = held.every(({ status, allocationTime }) => status === 'RESERVED' && this.isOld(allocationTime));
    // Where jobs are given back, the start of one that runs is a sign of life.
    const { givesBack = false } = this.options;
    const isBegun = job?.state === 'RUNNING' && (!givesBack || this.isOld(job.startTime));
    const isMeant = isBegun || (this.ofWaiting && job?.state === 'PENDING');
    return isMeant && held.length > 0 && areStale;
  }

  isOldJob(job: JobRow): boolean {
    return isFinished(job) && this.isOld(job.endTime);
  }

  /** Whether fewer jobs of its group are finished after it than stay, of those that there are. */
  isAmongNewest(job: JobRow, jobs: readonly JobRow[]): boolean {
    const newer = jobs.filter((other) => other.note === job.note && isFinished(other) && isNewer(other, job));
    return newer.length < (this.options.keepNewest ?? 0);
  }

  /** Why something is still to be done, given all jobs; nothing where all is well. */
  whatIsDue(rows: JobAndAllocations, jobs: readonly JobRow[]): string | undefined {
    const { job, allocations } = rows;
    if (job === undefined) return allocations.length > 0 ? 'allocations of no job' : undefined;
    if (isFinished(job) && allocations.some(isUnreleased)) return 'a finished job that holds something';
    if (this.isStale(rows)) return 'a stale reservation';
    if (this.isStuck(job)) return 'a stuck job';
    return this.isOldJob(job) && !this.isAmongNewest(job, jobs) ? 'an old job' : undefined;
  }

  private isOld(time: string | null): boolean {
    return time !== null && time < this.horizon;
  }
}

/** By the end, and of those with the same end by the id. */
const isNewer = (one: JobRow, other: JobRow): boolean =>
  one.endTime === other.endTime ? Number(one.id) > Number(other.id) : (one.endTime ?? '') > (other.endTime ?? '');
