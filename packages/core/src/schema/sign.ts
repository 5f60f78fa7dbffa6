import type { Link } from '../driver/table.js';
import { invalidOption, rejectUnknown } from '../errors.js';
import type { SignOption } from './filters.js';
import type { TimeCodec, TimeColumnOption } from './mapping.js';
import { isPlainObject } from './resolve-condition.js';
import { type TimeColumn, timeColumn } from './time-column.js';

/** A sign of life in another table: rows that name a job, each with a time. */
export interface Sign {
  /** From a job to its signs. */
  readonly link: Link;
  readonly time: TimeColumn;
}

/** Whether a sign of life is in another table. */
export const isElsewhere = (option: TimeColumnOption | SignOption | undefined): option is SignOption =>
  isPlainObject(option) && 'table' in option;

/**
 * Throws `INVALID_OPTION` or `INVALID_SCHEMA` with the path of the mistake.
 *
 * @param key the key of the jobs, which the rows of the other table name.
 */
export function resolveSign(path: string, option: SignOption, key: readonly string[], defaultCodec: TimeCodec): Sign {
  rejectUnknown(path, option, ['schema', 'table', 'key', 'column', 'codec', 'timeZone', 'unset']);
  const { schema, table, key: given, ...column } = option;
  const name = (at: string, value: unknown): string => {
    if (typeof value === 'string' && value !== '') return value;
    throw invalidOption(`${path}.${at}`, value, 'give the name as the database has it');
  };
  const columns = (Array.isArray(given) ? (given as readonly unknown[]) : [given]).map((each) => name('key', each));
  if (columns.length !== key.length)
    throw invalidOption(`${path}.key`, given, `name the columns that hold ${key.join(', ')}, in this order`);
  const time = timeColumn(path, { ...column, column: name('column', column.column) }, '', defaultCodec);
  const to = {
    schema: schema === undefined ? undefined : name('schema', schema),
    name: name('table', table),
    key: columns,
    times: new Map([[time.column, time]]),
    shown: new Map<string, number>(),
  };
  return { link: { kind: 'children', to, on: key.map((each, index) => [each, columns[index] ?? '']) }, time };
}
