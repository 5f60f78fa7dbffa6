import type { Labels } from '../driver/row.js';
import type { Mapped } from './mapped.js';
import type { Rules } from './rules.js';

/** What is read of rows. */
export class RowColumns {
  constructor(protected readonly rules: Rules) {}

  /** The columns that guards compare of a job. */
  get jobVersion(): readonly string[] {
    const { columns, states } = this.mapped.jobs;
    const { ageColumn, ageFrom } = this.mapped.filters;
    const times = [columns.startTime, columns.createdTime, ...columns.endTime, ageColumn, ageFrom];
    return [...new Set([...states.columns, ...times.flatMap((time) => time?.column ?? [])])];
  }

  /** The columns that tell the run of a job from another one. */
  get jobRun(): readonly string[] {
    return [this.mapped.jobs.columns.startTime.column];
  }

  /** The columns of a whole job. */
  get job(): readonly string[] {
    const { errorMsg, exitCode } = this.mapped.jobs.columns;
    const details = [errorMsg, exitCode].filter((column) => column !== null);
    return [...new Set([...this.jobToShow, ...details])];
  }

  /** The same without what is long, or of use to few. */
  get jobToShow(): readonly string[] {
    return [...new Set([...this.jobVersion, this.mapped.jobs.columns.name])];
  }

  /** The columns that guards compare of an allocation. */
  get allocationVersion(): readonly string[] {
    const { columns, job, statuses, heldSince } = this.mapped.allocations;
    const links = job.on.map(([column]) => column);
    return [...new Set([...columns.jobId, ...links, ...statuses.columns, ...heldSince.map(({ column }) => column)])];
  }

  /** The columns of a whole allocation. */
  get allocation(): readonly string[] {
    const { releasedTime } = this.mapped.allocations.columns;
    return [...new Set([...this.allocationVersion, ...(releasedTime === null ? [] : [releasedTime.column])])];
  }

  /** Labels without which the state of a job cannot be told; none where its columns tell it. */
  get jobLabels(): Labels | undefined {
    return this.mapped.jobs.states.labels;
  }

  /** The same of the status of an allocation. */
  get allocationLabels(): Labels | undefined {
    return this.mapped.allocations.statuses.labels;
  }

  protected get mapped(): Mapped {
    return this.rules.mapped;
  }
}
