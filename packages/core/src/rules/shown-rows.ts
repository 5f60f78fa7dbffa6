import { type Exact, type Key, toDate, toMicros } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { AllocationWithJob, Job, JobState, ResourceAllocation, ResourceStatus, RowVersion } from '../model.js';
import { STATE, type States, stateOfLabel } from '../schema/states.js';
import type { TimeColumn } from '../schema/time-column.js';
import { columnOf, type FirstSet } from './first-set.js';
import { LIMIT } from './limits.js';
import { RowColumns } from './row-columns.js';
import type { Rules } from './rules.js';
import type { Values } from './values.js';

/** Times that a version tells by these names. */
export type NotedTime = 'createdTime' | 'endTime' | 'ageTime' | 'retentionTime' | 'allocationTime';

/** What a version calls the column of such a time, where it may be in several. */
export const inColumn = (name: string): string => `${name}In`;

/** While it is made: batches have thousands of them, and each part that is spread costs as much as all of it. */
type Version = { -readonly [Name in keyof RowVersion]: RowVersion[Name] };

/** Rows as the port has them. */
export class ShownRows extends RowColumns {
  constructor(
    rules: Rules,
    protected readonly values: Values,
  ) {
    super(rules);
  }

  stateOf(row: Row): JobState | undefined {
    return this.known(this.mapped.jobs.states, row);
  }

  statusOf(row: Row): ResourceStatus | undefined {
    return this.known(this.mapped.allocations.statuses, row);
  }

  /** The key of the job of an allocation. */
  jobKeyOf(allocation: Row): Key {
    const { on } = this.mapped.allocations.job;
    const [first] = on;
    // Nearly all keys are of one column, and this is asked several times of each row.
    return first !== undefined && on.length === 1
      ? [this.exactOf(allocation, first[0])]
      : on.map(([column]) => this.exactOf(allocation, column));
  }

  /** The same as the port has it. Where the row between them is gone, what the allocation names instead. */
  protected jobIdOf(allocation: Row, key = this.jobKeyOf(allocation)): string {
    const { columns, via } = this.mapped.allocations;
    if (via === null || !key.includes(null)) return this.values.idOf(key);
    return `${via.table} ${this.values.idOf(columns.jobId.map((column) => this.exactOf(allocation, column)))}`;
  }

  /**
   * Nothing where the state is none that is known.
   *
   * @param state of a row that was just written. Default: what the row tells.
   * @param noted what its version tells besides.
   */
  toJob(row: Row, state = this.stateOf(row), noted?: RowVersion): Job | undefined {
    if (state === undefined) return undefined;
    const { columns, states } = this.mapped.jobs;
    const { ageColumn, ageFrom } = this.mapped.filters;
    const text = (column: string | null) => (column === null ? null : this.values.text(this.exactOf(row, column)));
    const start = this.timeOf(row, columns.startTime);
    const version: Version = { state: this.toldBy(states, row), startTime: start };
    this.note(version, 'endTime', row, columns.endTime);
    if (columns.createdTime !== null) this.note(version, 'createdTime', row, [columns.createdTime]);
    if (ageColumn !== null) this.note(version, 'ageTime', row, this.mapped.signs);
    if (ageFrom !== null) this.note(version, 'retentionTime', row, [ageFrom]);
    if (row.labels?.[LIMIT] !== undefined) version.limit = row.labels[LIMIT];
    if (noted !== undefined) Object.assign(version, noted);
    this.values.keep(version, 'id', row.key);
    return {
      id: this.values.idOf(row.key),
      name: text(columns.name) ?? '',
      state,
      startTime: toDate(start, columns.startTime),
      endTime: this.dateIn(row, columnOf(row, columns.endTime)),
      errorMsg: text(columns.errorMsg),
      exitCode: text(columns.exitCode),
      version,
    };
  }

  /**
   * Nothing where the status is none that is known.
   *
   * @param horizon the exact time before which reservations of its job counted as stale when the row was read as one.
   * @param status of a row that was just written. Default: what the row tells.
   */
  toAllocation(row: Row, horizon?: string, status = this.statusOf(row)): ResourceAllocation | undefined {
    if (status === undefined) return undefined;
    const { columns, statuses } = this.mapped.allocations;
    const jobKey = this.jobKeyOf(row);
    const version: Version = { status: this.toldBy(statuses, row) };
    this.note(version, 'allocationTime', row, this.mapped.allocations.heldSince);
    if (horizon !== undefined) version.horizon = horizon;
    this.values.keep(version, 'id', row.key);
    this.values.keep(version, 'jobId', jobKey);
    return {
      id: this.values.idOf(row.key),
      jobId: this.jobIdOf(row, jobKey),
      status,
      allocationTime: this.dateIn(row, columns.allocationTime ?? undefined),
      releasedTime: this.dateIn(row, columns.releasedTime ?? undefined),
      version,
    };
  }

  /**
   * What an allocation does for its job: `nothing` if it is RELEASED; a reservation since an instant keeps it alive until
   * that is before the horizon; anything else, a reservation at no time included, keeps it `alive`.
   */
  effectOf(allocation: Row): 'nothing' | 'alive' | bigint {
    const status = this.statusOf(allocation);
    if (status === 'RELEASED') return 'nothing';
    const [time] = this.mapped.allocations.heldSince;
    const since = time === undefined ? null : toMicros(this.timeOf(allocation, time), time);
    return status === 'RESERVED' && since !== null ? since : 'alive';
  }

  /** An allocation that was released, as it is now, with its job. */
  withJob(job: Job, now: Row): AllocationWithJob | undefined {
    const allocation = this.toAllocation(now, undefined, 'RELEASED');
    return allocation && Object.assign(allocation, { job });
  }

  /** The exact time in a column. */
  timeOf(row: Row, { column }: TimeColumn): Exact {
    return this.exactOf(row, column);
  }

  exactOf(row: Row, column: string): Exact {
    return row.columns[column] ?? null;
  }

  private known<State extends string>(states: States<State>, row: Row): State | undefined {
    const { column } = states.place;
    return states.isPlain
      ? this.values.known(states, this.exactOf(row, column))
      : stateOfLabel<State>(row.labels?.[STATE]);
  }

  /** What tells the state of a row, to the letter. */
  protected toldBy<State extends string>({ columns }: States<State>, row: Row): Exact {
    const [column = ''] = columns;
    return columns.length === 1
      ? this.exactOf(row, column)
      : JSON.stringify(columns.map((each) => this.exactOf(row, each)));
  }

  private dateIn(row: Row, time: TimeColumn | undefined): Date | null {
    return time === undefined ? null : toDate(this.timeOf(row, time), time);
  }

  /** Notes a time in a version, and the column that it is in where there are several. */
  private note(version: Version, name: NotedTime, row: Row, times: FirstSet): void {
    const column = columnOf(row, times);
    version[name] = column === undefined ? null : this.timeOf(row, column);
    if (times.length > 1) version[inColumn(name)] = column?.column ?? null;
  }
}
