import {
  type AllocationsTable,
  FINISHED_JOB_STATES,
  type JobState,
  type MappedColumn,
  type StrategyName,
  type TimeColumn,
  Values,
} from '@jobsweep/core';
import type { Mapping } from '../mapping/mapping.js';
import { checkField, checkTime } from '../mapping/schema.js';
import { exactText } from '../values/bson.js';
import { mongoValues } from '../values/mongo-values.js';

/** Documents without a field that tell something: a few may well have none. */
const ENOUGH_ROWS = 5;

/** A document of the sample: the raw values of the mapped fields, under names of ours. */
export type Sample = Readonly<Record<string, unknown>>;

/** A field that an option names, under its name in the sample. */
export interface SampledField {
  readonly path: string;
  readonly key: string;
  readonly column: string | TimeColumn;
  /** Whether a document must have it, where it is as it should be. */
  readonly isDueIn: (sample: Sample) => boolean;
  /** So many documents without it tell that there is none. */
  readonly enough: number;
  /** Whether it is counted up. */
  readonly isCount?: boolean | undefined;
  /** The strategy whose own option names it. */
  readonly strategy?: StrategyName | undefined;
}

/** Keys have one field here. */
export const fieldOf = ([name = '']: readonly string[]): string => name;

const always = () => true;
const never = () => false;

/** @param columns all that options name of jobs. */
export function fieldsOfJobs({ collections, schema }: Mapping, columns: readonly MappedColumn[]): SampledField[] {
  const { states } = schema.jobs;
  const { id, startTime, endTime } = schema.jobs.columns;
  const { column: state } = states.place;
  const values = new Values(mongoValues(collections));
  const isIn =
    (...known: readonly JobState[]) =>
    ({ jstate }: Sample) => {
      const is = values.known<JobState>(states, exactText(collections.bson, jstate));
      return is !== undefined && known.includes(is);
    };
  const several = endTime.length > 1;
  const mapped: SampledField[] = [
    { path: 'schema.jobs.columns.id', key: 'jid', column: fieldOf(id), isDueIn: always, enough: 1 },
    // Where conditions tell the states, a field that is not there may be one of them.
    { path: STATE, key: 'jstate', column: state, isDueIn: states.isPlain ? always : never, enough: 1 },
    { path: START, key: 'jstart', column: startTime, isDueIn: isIn('RUNNING'), enough: ENOUGH_ROWS },
    ...endTime.map(
      (column, index): SampledField => ({
        path: `schema.jobs.columns.endTime${several ? `[${index}]` : ''}`,
        key: `jend${index}`,
        column,
        // Of several fields any may be missing.
        isDueIn: several ? never : isIn(...FINISHED_JOB_STATES),
        enough: ENOUGH_ROWS,
      }),
    ),
  ];
  const known = mapped.map(({ path }) => path);
  const others = columns.filter(({ path }) => !known.includes(path));
  return [...mapped, ...others.flatMap((each, index) => fieldBeside(each, `jother${index}`, isIn('PENDING')))];
}

const STATE = 'schema.jobs.columns.state';
const START = 'schema.jobs.columns.startTime';
const CREATED = 'schema.jobs.columns.createdTime';

/**
 * A field by which rules go or that they write, where its value or its absence tells something. Throws `INVALID_SCHEMA` for the
 * option of a strategy that names none: those of the mapping are checked by then.
 */
function fieldBeside(
  { path, column, time, isCount, strategy }: MappedColumn,
  key: string,
  isWaiting: SampledField['isDueIn'],
): SampledField[] {
  if (strategy !== undefined) {
    if (time === undefined) checkField(path, column);
    else checkTime(path, time);
  }
  // Without it the rows of all groups are one, and no limit is anybody's.
  const isGroup = /^filters\.(keepNewest\.per|limitFor(\[\d+\])?)\.column$/.test(path);
  if (path.startsWith('touch.') || !(time || isCount || isGroup)) return [];
  const isDueIn = path === CREATED ? isWaiting : isGroup ? always : never;
  return [{ path, key, column: time ?? column, isDueIn, enough: ENOUGH_ROWS, isCount, strategy }];
}

export function fieldsOfAllocations({ columns, statuses }: AllocationsTable): SampledField[] {
  const { id, jobId, allocationTime, releasedTime } = columns;
  const isDueIn = statuses.isPlain ? always : never;
  const time = (column: TimeColumn | null, field: Omit<SampledField, 'column' | 'enough'>): SampledField[] =>
    column === null ? [] : [{ ...field, column, enough: ENOUGH_ROWS }];
  return [
    { path: 'schema.allocations.columns.id', key: 'aid', column: fieldOf(id), isDueIn: always, enough: 1 },
    { path: 'schema.allocations.columns.jobId', key: 'ajob', column: fieldOf(jobId), isDueIn: always, enough: 1 },
    { path: 'schema.allocations.columns.status', key: 'astatus', column: statuses.place.column, isDueIn, enough: 1 },
    ...time(allocationTime, { path: 'schema.allocations.columns.allocationTime', key: 'atime', isDueIn: always }),
    // Jobs that were purged take released allocations with them, so there may be none to tell its name.
    ...time(releasedTime, { path: 'schema.allocations.columns.releasedTime', key: 'areleased', isDueIn: never }),
  ];
}
