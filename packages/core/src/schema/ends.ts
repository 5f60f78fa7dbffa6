import { invalidSchema } from '../errors.js';
import {
  ENDED_AS,
  type EndedAs,
  type EndTimeOption,
  type JobsTableOption,
  type TimeCodec,
  type TimeColumnOption,
} from './mapping.js';
import { isPlainObject } from './resolve-condition.js';
import { type TimeColumn, timeColumn } from './time-column.js';

/** The columns of an end, of which the first that is set counts. Throws `INVALID_SCHEMA` with `path`. */
export function endColumns(path: string, option: EndTimeOption | undefined, codec: TimeCodec): readonly TimeColumn[] {
  if (option === null) return [];
  if (!isList(option)) return [timeColumn(path, option, 'end_time', codec)];
  const times = option.map((each, index) => timeColumn(`${path}[${index}]`, each, '', codec));
  if (times.length > 0 && new Set(times.map(({ column }) => column)).size === times.length) return times;
  throw invalidSchema(
    `${path} is ${JSON.stringify(option)}`,
    'Name each column once, or give null where there is none',
  );
}

/** The column that the end of a failing job is written into: the one that `set` of FAILED names for it, or the first. */
export function writtenEnd(ends: readonly TimeColumn[], states: JobsTableOption['states']): TimeColumn | null {
  const failed: unknown = states?.FAILED;
  const set = isPlainObject(failed) && 'set' in failed && isPlainObject(failed.set) ? failed.set : {};
  const given = new Map<string, unknown>(Object.entries(set));
  const isNow = (value: unknown) => isPlainObject(value) && 'now' in value;
  return ends.find(({ column }) => isNow(given.get(column))) ?? ends.find(({ column }) => !given.has(column)) ?? null;
}

/** Throws `INVALID_SCHEMA` with `path` for what is none of the words. */
export function endedAs(path: string, option: EndedAs = 'now'): EndedAs {
  if (ENDED_AS.includes(option)) return option;
  throw invalidSchema(`${path} is ${JSON.stringify(option)}`, `Use ${ENDED_AS.join(', ')}`);
}

const isList = (option: unknown): option is readonly TimeColumnOption[] => Array.isArray(option);
