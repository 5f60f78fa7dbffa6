import { invalidSchema } from '../errors.js';
import {
  JOB_STATES,
  type JobState,
  RESOURCE_STATUSES,
  type ResourceStatus,
  UNRELEASED_RESOURCE_STATUSES,
} from '../model.js';
import { endColumns, endedAs, writtenEnd } from './ends.js';
import type { AllocationsTableOption, EndedAs, JobsTableOption, SchemaOptions, TimeCodec } from './mapping.js';
import { keyNamed, named, rejectUnknown } from './option.js';
import { type Archived, resolveArchive } from './resolve-archive.js';
import { type Dependents, NO_DEPENDENTS, resolveDependents, withNested } from './resolve-dependents.js';
import { saidColumn } from './said.js';
import { States } from './states.js';
import { type TimeColumn, timeColumn } from './time-column.js';
import { resolveVia, type Via } from './via.js';
import type { SetValue } from './written.js';

export interface JobsTable {
  readonly schema: string | undefined;
  readonly table: string;
  readonly columns: {
    readonly id: readonly string[];
    readonly name: string;
    /** `null`: conditions tell the states. */
    readonly state: string | null;
    readonly startTime: TimeColumn;
    /** `null`: there is none. */
    readonly createdTime: TimeColumn | null;
    /** The end is the first of them that is set; none: there is no end. */
    readonly endTime: readonly TimeColumn[];
    readonly errorMsg: string | null;
    readonly exitCode: string | null;
  };
  /** What a repair says, by the columns that get it. */
  readonly said: Readonly<Record<string, SetValue>>;
  /** The column that gets the end of a job that fails. */
  readonly writtenEnd: TimeColumn | null;
  readonly endedAs: EndedAs;
  readonly states: States<JobState>;
}

export interface AllocationsTable {
  readonly schema: string | undefined;
  readonly table: string;
  readonly columns: {
    readonly id: readonly string[];
    readonly jobId: readonly string[];
    /** `null`: conditions tell the statuses. */
    readonly status: string | null;
    readonly allocationTime: TimeColumn | null;
    readonly releasedTime: TimeColumn | null;
    /** What is held; none: nobody knows. */
    readonly resource: readonly string[];
  };
  /** The table that tells the job of the row that an allocation names. `null`: it names the job. */
  readonly via: Via | null;
  readonly statuses: States<ResourceStatus>;
}

/** A mapping with every default filled in: what adapters work with. */
export interface Schema {
  readonly jobs: JobsTable;
  readonly allocations: AllocationsTable | null;
  readonly dependents: Dependents;
  /** Where deleted rows of each table are kept. `null`: nowhere. */
  readonly archive: readonly Archived[] | null;
}

/**
 * Fills in the defaults and checks the mapping by itself. Throws `INVALID_SCHEMA` with the path of the mistake.
 *
 * @param defaultCodec the codec of a time column that is given by its name alone.
 */
export function resolveSchema(options: SchemaOptions = {}, defaultCodec: TimeCodec = 'instant'): Schema {
  rejectUnknown('schema', options, ['jobs', 'allocations', 'dependents', 'archive']);
  const jobs = jobsTable(options.jobs ?? {}, defaultCodec);
  const allocations = options.allocations === null ? null : allocationsTable(options.allocations ?? {}, defaultCodec);
  if (allocations !== null) requireWhole(jobs.columns, allocations);
  if (allocations?.via?.table === jobs.table)
    throw invalidSchema(
      `schema.allocations.via.table is '${jobs.table}', the table of jobs`,
      'Leave via out: allocations name their job themselves',
    );
  const mapped = [jobs.table, ...(allocations === null ? [] : [allocations.table])];
  const dependents =
    options.dependents === undefined ? NO_DEPENDENTS : resolveDependents(options.dependents, jobs.columns.id, mapped);
  const deleted = [
    ...[jobs, ...(allocations === null ? [] : [allocations])].map(({ schema, table: name }) => ({ schema, name })),
    ...withNested(dependents.delete).map(({ link: { to } }) => ({ schema: to.schema, name: to.name })),
  ];
  return { jobs, allocations, dependents, archive: resolveArchive(options.archive, deleted) };
}

const KEY_OF_JOBS = 'the key of jobs';

/** Throws `INVALID_SCHEMA` where an allocation names less, or more, than the key of its job. */
function requireWhole({ id }: JobsTable['columns'], { columns: { jobId }, via }: AllocationsTable): void {
  const path = 'schema.allocations';
  const [key, keyName] = via === null ? [id, KEY_OF_JOBS] : [via.key, `${path}.via.key`];
  requireSame(`${path}.columns.jobId`, jobId, keyName, key);
  if (via !== null) requireSame(`${path}.via.jobId`, via.jobId, KEY_OF_JOBS, id);
}

function requireSame(path: string, names: readonly string[], key: string, columns: readonly string[]): void {
  if (names.length === columns.length) return;
  const problem = `${path} names ${names.join(', ')}, and ${key} is ${columns.join(', ')}`;
  throw invalidSchema(problem, 'Name as many columns, in the same order');
}

function jobsTable(option: JobsTableOption, codec: TimeCodec): JobsTable {
  rejectUnknown('schema.jobs', option, ['schema', 'table', 'columns', 'endedAs', 'states']);
  const columns = option.columns ?? {};
  const names = ['id', 'name', 'state', 'startTime', 'createdTime', 'endTime', 'errorMsg', 'exitCode'];
  rejectUnknown('schema.jobs.columns', columns, names);
  const state = named('schema.jobs.columns.state', columns.state, 'state');
  const endTime = endColumns('schema.jobs.columns.endTime', columns.endTime, codec);
  const end = writtenEnd(endTime, option.states);
  const saidIn = (name: 'errorMsg' | 'exitCode', fallback: string) =>
    saidColumn(`schema.jobs.columns.${name}`, name, columns[name], fallback);
  const [errorMsg, exitCode] = [saidIn('errorMsg', 'error_msg'), saidIn('exitCode', 'exit_code')];
  const said = [errorMsg, exitCode].filter((each) => each !== null);
  const required = ['RUNNING', 'FAILED'] as const;
  const beside = [...(end === null ? [] : [end]), ...said].map(({ column }) => column);
  const written = { state: 'FAILED', from: ['RUNNING'], beside } as const;
  const place = { path: 'schema.jobs.states', known: JOB_STATES, required, column: state, codec, written };
  const states = new States(place, option.states);
  const startTime = timeColumn('schema.jobs.columns.startTime', columns.startTime, 'start_time', codec);
  const createdTime =
    columns.createdTime == null ? null : timeColumn('schema.jobs.columns.createdTime', columns.createdTime, '', codec);
  if (createdTime !== null) requireOwn(createdTime, { startTime, endTime });
  return {
    schema: named('schema.jobs.schema', option.schema, undefined),
    table: named('schema.jobs.table', option.table, 'jobs'),
    columns: {
      id: keyNamed('schema.jobs.columns.id', columns.id, 'id'),
      name: named('schema.jobs.columns.name', columns.name, 'name'),
      state: states.columns.includes(state) ? state : null,
      startTime,
      createdTime,
      endTime,
      errorMsg: errorMsg?.column ?? null,
      exitCode: exitCode?.column ?? null,
    },
    said: Object.fromEntries(said.map(({ column, value }) => [column, value])),
    writtenEnd: end,
    endedAs: endedAs('schema.jobs.endedAs', option.endedAs),
    states,
  };
}

/** Throws `INVALID_SCHEMA` where a job that was never begun would have no time since when it waits, since that is its start or end. */
function requireOwn(
  { column }: TimeColumn,
  { startTime, endTime }: Pick<JobsTable['columns'], 'startTime' | 'endTime'>,
): void {
  const other = [startTime, ...endTime].some((time) => time.column === column);
  if (!other) return;
  const problem = `schema.jobs.columns.createdTime is '${column}', which holds the start or the end of jobs`;
  throw invalidSchema(problem, 'Name the column that says since when a job is queued, or leave it out');
}

function allocationsTable(option: AllocationsTableOption, codec: TimeCodec): AllocationsTable {
  rejectUnknown('schema.allocations', option, ['schema', 'table', 'columns', 'via', 'statuses']);
  const columns = option.columns ?? {};
  const names = ['id', 'jobId', 'status', 'allocationTime', 'releasedTime', 'resource'];
  rejectUnknown('schema.allocations.columns', columns, names);
  const path = 'schema.allocations.columns';
  const status = named(`${path}.status`, columns.status, 'status');
  const time = (name: 'allocationTime' | 'releasedTime', fallback: string) =>
    columns[name] === null ? null : timeColumn(`${path}.${name}`, columns[name], fallback, codec);
  const releasedTime = time('releasedTime', 'released_time');
  const beside = releasedTime === null ? [] : [releasedTime.column];
  const required = ['RELEASED'] as const;
  const written = { state: 'RELEASED', from: UNRELEASED_RESOURCE_STATUSES, beside } as const;
  const place = {
    path: 'schema.allocations.statuses',
    known: RESOURCE_STATUSES,
    required,
    column: status,
    codec,
    written,
  };
  const statuses = new States(place, option.statuses);
  return {
    schema: named('schema.allocations.schema', option.schema, undefined),
    table: named('schema.allocations.table', option.table, 'resource_allocations'),
    columns: {
      id: keyNamed(`${path}.id`, columns.id, 'id'),
      jobId: keyNamed(`${path}.jobId`, columns.jobId, 'job_id'),
      status: statuses.columns.includes(status) ? status : null,
      allocationTime: time('allocationTime', 'allocation_time'),
      releasedTime,
      resource: columns.resource === undefined ? [] : keyNamed(`${path}.resource`, columns.resource, ''),
    },
    via: option.via === undefined ? null : resolveVia('schema.allocations.via', option.via),
    statuses,
  };
}
