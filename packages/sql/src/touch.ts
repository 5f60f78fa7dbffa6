import {
  invalidOption,
  rejectUnknown,
  type Schema,
  type TimeCodec,
  type TimeColumn,
  type TimeColumnOption,
  type TouchedColumns,
  timeColumn,
} from '@jobsweep/core';

/** Columns of one table that follow every update of a row. */
export interface TouchOption {
  /** Set to the database's current time. Default: none. */
  readonly now?: readonly TimeColumnOption[];
  /** Numbers that are raised by one, as versions are. Default: none. */
  readonly increment?: readonly string[];
}

/**
 * Columns that are the application's own and that every update of a row keeps current, jobsweep's too.
 *
 * @example
 * const touch: TouchOptions = {
 *   jobs: { now: ['updated_at'], increment: ['version'] },
 *   allocations: { now: [{ column: 'changed', codec: 'epochMillis' }] },
 * };
 */
export interface TouchOptions {
  readonly jobs?: TouchOption;
  readonly allocations?: TouchOption;
}

export type Touch = { readonly [Table in keyof TouchOptions]-?: TouchedColumns };

/** Fills in the defaults. Throws `INVALID_OPTION` or `INVALID_SCHEMA` with the path of the mistake. */
export function resolveTouch(options: TouchOptions = {}, schema: Schema, defaultCodec: TimeCodec): Touch {
  rejectUnknown('touch', options, ['jobs', 'allocations']);
  if (schema.allocations === null && options.allocations !== undefined) {
    throw invalidOption('touch.allocations', options.allocations, 'leave it out, as schema.allocations is null');
  }
  const of = (table: keyof TouchOptions) =>
    touchedColumns(`touch.${table}`, options[table] ?? {}, namesOf(schema[table]?.columns ?? {}), defaultCodec);
  return { jobs: of('jobs'), allocations: of('allocations') };
}

function touchedColumns(
  path: string,
  option: TouchOption,
  mapped: readonly string[],
  defaultCodec: TimeCodec,
): TouchedColumns {
  rejectUnknown(path, option, ['now', 'increment']);
  const now = listed(`${path}.now`, option.now).map((column, index) =>
    timeColumn(`${path}.now[${index}]`, column, '', defaultCodec),
  );
  const increment = listed(`${path}.increment`, option.increment);
  const names: unknown[] = [...now.map(({ column }) => column), ...increment];
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string' || name === '') throw invalidOption(path, name, 'give names of columns');
    if (mapped.includes(name)) throw invalidOption(path, name, 'leave out columns that the schema maps');
    if (names.indexOf(name) < index) throw invalidOption(path, name, 'name each column once');
  }
  return { now, increment };
}

function listed<Item>(path: string, option: readonly Item[] = []): readonly Item[] {
  if (!Array.isArray(option)) throw invalidOption(path, option, 'give a list');
  return option as readonly Item[];
}

function namesOf(columns: Readonly<Record<string, Named | readonly Named[] | null>>): string[] {
  return Object.values(columns)
    .flat()
    .flatMap((column) => (column === null ? [] : [typeof column === 'string' ? column : column.column]));
}

type Named = string | TimeColumn;
