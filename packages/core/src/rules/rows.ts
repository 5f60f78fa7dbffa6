import { type Exact, keyText, sameTime } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Job, ResourceAllocation, RowVersion } from '../model.js';
import type { TimeColumn } from '../schema/time-column.js';
import { columnOf, type FirstSet } from './first-set.js';
import { type AgeRule, LIMIT } from './limits.js';
import { inColumn, type NotedTime, ShownRows } from './shown-rows.js';

/** Rows as the port has them, and whether a row is still what it was when it was read. */
export class Rows extends ShownRows {
  /** Whether a job is still in the run it was read in: one that was queued again has another start time. */
  sameRun({ version, startTime }: Job, now: Row): boolean {
    const column = this.mapped.jobs.columns.startTime;
    return this.sameTime(version?.startTime, startTime, now, column);
  }

  /** Whether nothing that the rules look at changed since the job was read. */
  sameJob(given: Job, now: Row): boolean {
    const { retentionTime, jobs } = this.mapped;
    const { createdTime, endTime } = jobs.columns;
    return (
      this.sameState(given, now) &&
      this.sameNoted('endTime', given, now, endTime, given.endTime) &&
      this.sameNoted('retentionTime', given, now, retentionTime) &&
      (createdTime === null || this.sameNoted('createdTime', given, now, [createdTime])) &&
      this.sameRun(given, now)
    );
  }

  /** Whether a job is in the state that it was read in. */
  sameState({ state, version }: Job, now: Row): boolean {
    const { states } = this.mapped.jobs;
    return version === undefined ? state === this.stateOf(now) : version.state === this.toldBy(states, now);
  }

  /** Whether a job shows the same sign of life as when it was read. A row made by hand shows none but its start. */
  sameHeartbeat(given: Job, now: Row): boolean {
    return this.sameNoted('ageTime', given, now, this.mapped.signs);
  }

  /**
   * Whether a job has the limit that it had when it was read: a renamed one may have another. Of a row made by hand it is known
   * where the name alone tells it.
   */
  sameLimit(rule: AgeRule, { name, version }: Job, now: Row): boolean {
    const given = version?.limit !== undefined ? version.limit : this.rules.limits[rule].labelOf(name, this.mapped);
    return given === undefined || given === (now.labels?.[LIMIT] ?? null);
  }

  /** Whether an allocation still belongs to the job, and nothing that the rules look at changed since it was read. */
  sameAllocation(given: ResourceAllocation, now: Row): boolean {
    const { version, jobId, status, allocationTime } = given;
    const { heldSince, statuses } = this.mapped.allocations;
    const sameStatus =
      version === undefined ? status === this.statusOf(now) : version.status === this.toldBy(statuses, now);
    const job = this.jobKeyOf(now);
    const sameJob = version?.jobId == null ? jobId === this.jobIdOf(now, job) : version.jobId === keyText(job);
    return sameJob && sameStatus && this.sameNoted('allocationTime', given, now, heldSince, allocationTime);
  }

  /**
   * Whether a time is as it was noted, in the same column.
   *
   * @param date what a row made by hand has of it at most.
   */
  protected sameNoted(
    name: NotedTime,
    { version }: { readonly version?: RowVersion | undefined },
    now: Row,
    times: FirstSet,
    date?: Date | null,
  ): boolean {
    const column = columnOf(now, times);
    const exact = version?.[name];
    if (column === undefined || (exact === undefined && date === undefined)) return true;
    const place = version?.[inColumn(name)];
    return (place === undefined || place === column.column) && this.sameTime(exact, date ?? null, now, column);
  }

  protected sameTime(exact: Exact | undefined, date: Date | null, now: Row, column: TimeColumn): boolean {
    return sameTime({ exact, date }, this.timeOf(now, column), column);
  }
}
