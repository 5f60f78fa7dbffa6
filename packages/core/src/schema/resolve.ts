import { invalidSchema } from '../errors.js';
import { JOB_STATES, type JobState, RESOURCE_STATUSES, type ResourceStatus } from '../model.js';
import {
  type AllocationsTableOption,
  type JobsTableOption,
  type RawState,
  type SchemaOptions,
  TIME_CODECS,
  type TimeCodec,
  type TimeColumnOption,
} from './mapping.js';
import { type StateCodec, stateCodec } from './states.js';

/** A time column with nothing left open. */
export interface TimeColumn {
  readonly column: string;
  readonly codec: TimeCodec;
  readonly unset: readonly RawState[];
}

export interface JobsTable {
  readonly schema: string | undefined;
  readonly table: string;
  readonly columns: {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly startTime: TimeColumn;
    readonly endTime: TimeColumn;
    readonly errorMsg: string | null;
    readonly exitCode: string | null;
  };
  readonly states: StateCodec<JobState>;
}

export interface AllocationsTable {
  readonly schema: string | undefined;
  readonly table: string;
  readonly columns: {
    readonly id: string;
    readonly jobId: string;
    readonly status: string;
    readonly allocationTime: TimeColumn;
    readonly releasedTime: TimeColumn;
  };
  readonly statuses: StateCodec<ResourceStatus>;
}

/** A mapping with every default filled in: what adapters work with. */
export interface Schema {
  readonly jobs: JobsTable;
  readonly allocations: AllocationsTable | null;
}

/**
 * Fills in the defaults and checks the mapping by itself. Throws `INVALID_SCHEMA` with the path of the mistake.
 *
 * @param defaultCodec the codec of a time column that is given by its name alone.
 */
export function resolveSchema(options: SchemaOptions = {}, defaultCodec: TimeCodec = 'instant'): Schema {
  rejectUnknown('schema', options, ['jobs', 'allocations']);
  return {
    jobs: jobsTable(options.jobs ?? {}, defaultCodec),
    allocations: options.allocations === null ? null : allocationsTable(options.allocations ?? {}, defaultCodec),
  };
}

function jobsTable(option: JobsTableOption, codec: TimeCodec): JobsTable {
  rejectUnknown('schema.jobs', option, ['schema', 'table', 'columns', 'states']);
  const columns = option.columns ?? {};
  const names = ['id', 'name', 'state', 'startTime', 'endTime', 'errorMsg', 'exitCode'];
  rejectUnknown('schema.jobs.columns', columns, names);
  return {
    schema: named('schema.jobs.schema', option.schema, undefined),
    table: named('schema.jobs.table', option.table, 'jobs'),
    columns: {
      id: named('schema.jobs.columns.id', columns.id, 'id'),
      name: named('schema.jobs.columns.name', columns.name, 'name'),
      state: named('schema.jobs.columns.state', columns.state, 'state'),
      startTime: timeColumn('schema.jobs.columns.startTime', columns.startTime, 'start_time', codec),
      endTime: timeColumn('schema.jobs.columns.endTime', columns.endTime, 'end_time', codec),
      errorMsg: columns.errorMsg === null ? null : named('schema.jobs.columns.errorMsg', columns.errorMsg, 'error_msg'),
      exitCode: columns.exitCode === null ? null : named('schema.jobs.columns.exitCode', columns.exitCode, 'exit_code'),
    },
    states: stateCodec('schema.jobs.states', JOB_STATES, ['RUNNING', 'FAILED'], option.states),
  };
}

function allocationsTable(option: AllocationsTableOption, codec: TimeCodec): AllocationsTable {
  rejectUnknown('schema.allocations', option, ['schema', 'table', 'columns', 'statuses']);
  const columns = option.columns ?? {};
  const names = ['id', 'jobId', 'status', 'allocationTime', 'releasedTime'];
  rejectUnknown('schema.allocations.columns', columns, names);
  const path = 'schema.allocations.columns';
  return {
    schema: named('schema.allocations.schema', option.schema, undefined),
    table: named('schema.allocations.table', option.table, 'resource_allocations'),
    columns: {
      id: named(`${path}.id`, columns.id, 'id'),
      jobId: named(`${path}.jobId`, columns.jobId, 'job_id'),
      status: named(`${path}.status`, columns.status, 'status'),
      allocationTime: timeColumn(`${path}.allocationTime`, columns.allocationTime, 'allocation_time', codec),
      releasedTime: timeColumn(`${path}.releasedTime`, columns.releasedTime, 'released_time', codec),
    },
    statuses: stateCodec('schema.allocations.statuses', RESOURCE_STATUSES, ['RELEASED'], option.statuses),
  };
}

/** A time column with its defaults filled in. Throws `INVALID_SCHEMA` with `path`. */
export function timeColumn(
  path: string,
  option: TimeColumnOption | null | undefined,
  fallback: string,
  defaultCodec: TimeCodec,
): TimeColumn {
  if (typeof option !== 'object' || option === null) {
    return { column: named(path, option, fallback), codec: defaultCodec, unset: [] };
  }
  rejectUnknown(path, option, ['column', 'codec', 'unset']);
  const { column, codec = defaultCodec, unset = [] } = option;
  if (!TIME_CODECS.includes(codec)) {
    throw invalidSchema(`${path}.codec is ${JSON.stringify(codec)}`, `Use one of ${TIME_CODECS.join(', ')}`);
  }
  const wanted = codec.startsWith('epoch') ? 'number' : 'string';
  const wrong = unset.find((value) => typeof value !== wanted);
  if (wrong !== undefined) {
    throw invalidSchema(
      `${path}.unset holds ${JSON.stringify(wrong)}`,
      `With codec ${codec} its values are ${wanted}s`,
    );
  }
  const exact = unset.map((value) => (typeof value === 'number' ? value : utcText(path, value)));
  return { column: named(`${path}.column`, column, fallback), codec, unset: exact };
}

/** A time as text with its zone, which is UTC where none is given: without one, servers would take their own. */
function utcText(path: string, text: string): string {
  if (/^-?infinity$/i.test(text)) return text;
  const iso = text.replace(' ', 'T');
  const isZoned = !iso.includes('T') || /(z|[+-]\d\d:?\d\d)$/i.test(iso);
  const date = new Date(isZoned ? iso : `${iso}Z`);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw invalidSchema(`${path}.unset holds ${JSON.stringify(text)}`, 'Give ISO 8601 texts: 1970-01-01T00:00:00Z');
}

function named<Fallback>(path: string, name: unknown, fallback: Fallback): string | Fallback {
  if (name === undefined) return fallback;
  if (typeof name === 'string' && name !== '') return name;
  throw invalidSchema(`${path} is ${JSON.stringify(name)}`, 'Give the name as the database has it');
}

function rejectUnknown(path: string, option: object, known: readonly string[]): void {
  const wrong = Object.keys(option).find((key) => !known.includes(key));
  if (wrong !== undefined) throw invalidSchema(`${path}.${wrong} is not an option`, `Use ${known.join(', ')}`);
}
