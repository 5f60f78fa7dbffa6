import { type Exact, type Key, keyText, sameTime, toDate, toMicros } from '../driver/exact.js';
import type { Labels, Row } from '../driver/row.js';
import type { AllocationWithJob, Job, JobState, ResourceAllocation, ResourceStatus, RowVersion } from '../model.js';
import { STATE, type States, stateOfLabel } from '../schema/states.js';
import type { TimeColumn } from '../schema/time-column.js';
import { columnOf, type FirstSet } from './first-set.js';
import { type AgeRule, LIMIT } from './limits.js';
import type { Rules } from './rules.js';
import type { Values } from './values.js';

/** Times that a version tells by these names. */
export type NotedTime = 'createdTime' | 'endTime' | 'ageTime' | 'retentionTime' | 'allocationTime';

/** What a version calls the column of such a time, where it may be in several. */
export const inColumn = (name: string): string => `${name}In`;

/** While it is made: batches have thousands of them, and each part that is spread costs as much as all of it. */
type Version = { -readonly [Name in keyof RowVersion]: RowVersion[Name] };

/** Rows as the port has them, and whether a row is still what it was when it was read. */
export class Rows {
  constructor(
    protected readonly rules: Rules,
    protected readonly values: Values,
  ) {}

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

  stateOf(row: Row): JobState | undefined {
    return this.known(this.mapped.jobs.states, row);
  }

  statusOf(row: Row): ResourceStatus | undefined {
    return this.known(this.mapped.allocations.statuses, row);
  }

  /** The key of the job of an allocation. */
  jobKeyOf(allocation: Row): Key {
    return this.mapped.allocations.job.on.map(([column]) => this.valueOf(allocation, column));
  }

  /** The same as the port has it. Where the row between them is gone, what the allocation names instead. */
  private jobIdOf(allocation: Row): string {
    const key = this.jobKeyOf(allocation);
    const { columns, via } = this.mapped.allocations;
    if (via === null || !key.includes(null)) return this.values.idOf(key);
    return `${via.table} ${this.values.idOf(columns.jobId.map((column) => this.valueOf(allocation, column)))}`;
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
    const text = (column: string | null) => (column === null ? null : this.values.text(this.valueOf(row, column)));
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
      jobId: this.jobIdOf(row),
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

  /** Whether a job is still in the run it was read in: one that was queued again has another start time. */
  sameRun({ version, startTime }: Job, now: Row): boolean {
    const column = this.mapped.jobs.columns.startTime;
    return this.sameTime(version?.startTime, startTime, now, column);
  }

  /** Whether nothing that the rules look at changed since the job was read. */
  sameJob(given: Job, now: Row): boolean {
    const { retentionTime, jobs } = this.mapped;
    const { columns } = jobs;
    const { version } = given;
    const { createdTime } = columns;
    const sameEnd = this.sameNoted('endTime', { version, date: given.endTime }, now, columns.endTime);
    const sameAge = this.sameNoted('retentionTime', { version }, now, retentionTime);
    const created = createdTime === null ? [] : [createdTime];
    const sameCreated = this.sameNoted('createdTime', { version }, now, created);
    return this.sameState(given, now) && sameEnd && sameAge && sameCreated && this.sameRun(given, now);
  }

  /** Whether a job is in the state that it was read in. */
  sameState({ state, version }: Job, now: Row): boolean {
    const { states } = this.mapped.jobs;
    return version === undefined ? state === this.stateOf(now) : version.state === this.toldBy(states, now);
  }

  /** Whether a job shows the same sign of life as when it was read. A row made by hand shows none but its start. */
  sameHeartbeat({ version }: Job, now: Row): boolean {
    return this.sameNoted('ageTime', { version }, now, this.mapped.signs);
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
  sameAllocation({ version, jobId, status, allocationTime }: ResourceAllocation, now: Row): boolean {
    const { heldSince, statuses } = this.mapped.allocations;
    const sameStatus =
      version === undefined ? status === this.statusOf(now) : version.status === this.toldBy(statuses, now);
    const job = this.jobKeyOf(now);
    const sameJob = version?.jobId == null ? jobId === this.jobIdOf(now) : version.jobId === keyText(job);
    const given = { version, date: allocationTime };
    return sameJob && sameStatus && this.sameNoted('allocationTime', given, now, heldSince);
  }

  /** An allocation that was released, as it is now, with its job. */
  withJob(job: Job, now: Row): AllocationWithJob | undefined {
    const allocation = this.toAllocation(now, undefined, 'RELEASED');
    return allocation && Object.assign(allocation, { job });
  }

  /** The exact time in a column. */
  timeOf(row: Row, { column }: TimeColumn): Exact {
    return this.valueOf(row, column);
  }

  valueOf(row: Row, column: string): Exact {
    return row.columns[column] ?? null;
  }

  private known<State extends string>(states: States<State>, row: Row): State | undefined {
    const { column } = states.place;
    return states.isPlain
      ? this.values.known(states, this.valueOf(row, column))
      : stateOfLabel<State>(row.labels?.[STATE]);
  }

  /** What tells the state of a row, to the letter. */
  private toldBy<State extends string>({ columns }: States<State>, row: Row): Exact {
    const [column = ''] = columns;
    return columns.length === 1
      ? this.valueOf(row, column)
      : JSON.stringify(columns.map((each) => this.valueOf(row, each)));
  }

  private get mapped() {
    return this.rules.mapped;
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

  /** Whether a time is as it was noted, in the same column. A row made by hand has at most a `date`. */
  protected sameNoted(
    name: NotedTime,
    { version, date }: { readonly version: RowVersion | undefined; readonly date?: Date | null },
    now: Row,
    times: FirstSet,
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
