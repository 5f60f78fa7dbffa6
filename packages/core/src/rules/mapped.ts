import { allOf, type Condition, EVERY, singleParts } from '../driver/condition.js';
import { type Borrowed, type Link, SHOWN_CHARACTERS, type Table } from '../driver/table.js';
import { invalidSchema } from '../errors.js';
import type { AllocationsTable, JobsTable, Schema } from '../schema/resolve.js';
import { type Archived, placeText } from '../schema/resolve-archive.js';
import { type Dependents, withNested } from '../schema/resolve-dependents.js';
import type { Filters } from '../schema/resolve-filters.js';
import type { States } from '../schema/states.js';
import { isKeptAs, type TimeColumn } from '../schema/time-column.js';
import type { Via } from '../schema/via.js';
import type { FirstSet } from './first-set.js';
import { groupColumn } from './group-column.js';
import { unsupported } from './supported.js';

/** Columns of one table that every change of a row keeps current beside what it is for. */
export interface TouchedColumns {
  /** Set to the current time. */
  readonly now: readonly TimeColumn[];
  /** Raised by one. */
  readonly increment: readonly string[];
}

/** What a mapping says beyond its columns. */
export interface MappedParts {
  readonly schema: Schema;
  readonly filters: Filters;
  readonly touch?: { readonly jobs: TouchedColumns; readonly allocations: TouchedColumns } | undefined;
  /** What makes a row one of the user's, where a table holds others too. */
  readonly own?: { readonly jobs?: Condition | undefined; readonly allocations?: Condition | undefined } | undefined;
}

/** The jobs as rules see them: what is mapped, and the table as a driver knows it. */
export interface MappedJobs extends JobsTable {
  readonly table: string;
  readonly rows: Table;
  readonly touched: TouchedColumns;
}

/** The same of the allocations, with the ways between both tables. */
export interface MappedAllocations extends AllocationsTable {
  readonly rows: Table;
  readonly touched: TouchedColumns;
  /** Since when an allocation is held. */
  readonly heldSince: FirstSet;
  /** The table between allocations and jobs. `null`: there is none. */
  readonly between: Table | null;
  /** From an allocation to its job. */
  readonly job: Link;
  /** From a job to its allocations. */
  readonly ofJob: Link;
  /** From an allocation to the others of its job. */
  readonly siblings: Link;
}

/** A table whose deleted rows are kept in another one. */
export interface Archive {
  /** Where it is named, as a path into the options of the store. */
  readonly path: string;
  readonly of: Table;
  /** What is kept, with the columns and the ways to other tables that the rows had. */
  readonly rows: Table;
  /** What rows have in common, where a key tells them apart among such rows alone: those of a scope. */
  readonly within: Condition;
}

const UNTOUCHED: TouchedColumns = { now: [], increment: [] };

/** The mapped tables, with everything that rules need of them. */
export class Mapped {
  readonly schema: Schema;
  readonly jobs: MappedJobs;
  readonly filters: Filters;
  readonly dependents: Dependents;
  /** Where deleted rows are kept, table by table; none where they are not. */
  readonly archives: readonly Archive[];
  private readonly mappedAllocations: MappedAllocations | null;

  constructor({ schema, filters, touch, own }: MappedParts) {
    this.schema = schema;
    this.filters = filters;
    this.dependents = schema.dependents;
    const { jobs, allocations } = schema;
    const { errorMsg, exitCode } = jobs.columns;
    const touchedJobs = touch?.jobs ?? UNTOUCHED;
    const group = groupColumn({ jobs, filters });
    const jobTable: Table = {
      schema: jobs.schema,
      name: jobs.table,
      key: jobs.columns.id,
      times: byName([
        ...timesSetBy(jobs.states),
        ...[jobs.columns.startTime, jobs.columns.createdTime, ...jobs.columns.endTime],
        ...[filters.ageColumn, filters.ageFrom],
        ...touchedJobs.now,
      ]),
      // A column whose values are groups is more than shown.
      shown: new Map(
        [jobs.columns.name, errorMsg, exitCode].flatMap((each) =>
          each === null || each === group ? [] : [[each, SHOWN_CHARACTERS]],
        ),
      ),
      own: own?.jobs,
    };
    requireAlike(jobs, filters);
    this.jobs = { ...jobs, rows: jobTable, touched: touchedJobs };
    this.mappedAllocations =
      allocations === null ? null : mappedAllocations(allocations, jobTable, touch?.allocations, own?.allocations);
    const deleted = [
      jobTable,
      ...(this.mappedAllocations === null ? [] : [this.mappedAllocations.rows]),
      ...withNested(schema.dependents.delete).map(({ link }) => link.to),
    ];
    this.archives = (schema.archive ?? []).flatMap((archived) => archiveOf(archived, deleted, jobTable, filters));
  }

  /** Where deleted rows of a table are kept. `undefined`: nowhere. */
  archiveOf(table: Table): Archive | undefined {
    return this.archives.find(({ of }) => placeText(of) === placeText(table));
  }

  get hasAllocations(): boolean {
    return this.mappedAllocations !== null;
  }

  /** Throws `UNSUPPORTED_SCHEMA` where there are none. */
  get allocations(): MappedAllocations {
    if (this.mappedAllocations !== null) return this.mappedAllocations;
    throw unsupported(this, 'schema.allocations is null, and this operation needs the allocations table');
  }

  /** The time by which a finished job is old. */
  get retentionTime(): FirstSet {
    const { ageFrom } = this.filters;
    return ageFrom === null ? this.jobs.columns.endTime : [ageFrom];
  }

  /** The last sign of life of a job, as its own row has it. */
  get signs(): FirstSet {
    const { ageColumn } = this.filters;
    const { startTime } = this.jobs.columns;
    return ageColumn === null ? [startTime] : [ageColumn, startTime];
  }
}

function archiveOf(
  { path, of: place, schema, name }: Archived,
  deleted: readonly Table[],
  jobs: Table,
  { scope }: Filters,
): Archive[] {
  const of = deleted.find((table) => placeText(table) === placeText(place));
  if (of === undefined) return [];
  const within = of === jobs ? allOf(...singleParts(scope)) : EVERY;
  return [{ path, of, rows: { ...of, schema, name }, within }];
}

/** Throws `INVALID_SCHEMA` where an end is to be written that is kept in another way than the signs of life. */
function requireAlike({ columns, endedAs, writtenEnd }: JobsTable, { ageColumn, sign }: Filters): void {
  if (endedAs === 'now' || writtenEnd === null) return;
  if (sign !== null)
    throw invalidSchema("schema.jobs.endedAs is 'lastSign', and that sign is in another table", "Use 'now'");
  const other = [columns.startTime, ageColumn].find((sign) => sign !== null && !isKeptAs(sign, writtenEnd));
  if (other == null) return;
  const problem = `schema.jobs.endedAs is 'lastSign', and ${other.column} keeps times in another way than ${writtenEnd.column}`;
  throw invalidSchema(problem, "Use 'now', or columns with one codec");
}

function mappedAllocations(
  allocations: AllocationsTable,
  jobs: Table,
  touched: TouchedColumns = UNTOUCHED,
  own: Condition | undefined,
): MappedAllocations {
  const { id, jobId, allocationTime, releasedTime } = allocations.columns;
  const borrowed = allocations.via === null ? undefined : borrowedJobId(allocations.via, jobId);
  const rows: Table = {
    schema: allocations.schema,
    name: allocations.table,
    key: id,
    times: byName([...timesSetBy(allocations.statuses), allocationTime, releasedTime, ...touched.now]),
    shown: new Map(),
    own,
    borrowed,
  };
  const links = borrowed === undefined ? jobId : [...borrowed.columns.keys()];
  const on = links.map((column, index) => [column, jobs.key[index] ?? ''] as const);
  return {
    ...allocations,
    rows,
    touched,
    heldSince: allocationTime === null ? [] : [allocationTime],
    between: borrowed?.from ?? null,
    job: { to: jobs, on, kind: 'parent' },
    ofJob: { to: rows, on: on.map(([own, key]) => [key, own]), kind: 'children' },
    siblings: { to: rows, on: links.map((column) => [column, column]), kind: 'siblings' },
  };
}

/** The key of the job as the allocation's own columns. */
function borrowedJobId({ schema, table: name, key, jobId }: Via, own: readonly string[]): Borrowed {
  return {
    from: { schema, name, key, times: new Map(), shown: new Map() },
    on: own.map((column, index) => [column, key[index] ?? ''] as const),
    columns: new Map(jobId.map((column, index) => [`jobsweep_job_${index}`, column])),
  };
}

/** The times that are written for a state, and mapped to nothing else perhaps. */
function timesSetBy<State extends string>(states: States<State>): TimeColumn[] {
  return states.place.known.flatMap((state) =>
    Object.entries(states.set(state)).flatMap(([column, value]) =>
      'now' in value ? [{ column, codec: value.now, unset: [] }] : [],
    ),
  );
}

const byName = (columns: readonly (TimeColumn | null)[]): ReadonlyMap<string, TimeColumn> =>
  new Map(columns.flatMap((column) => (column === null ? [] : [[column.column, column]])));
