import type { IdKind, JobRow, Layout, AllocationRow as SuiteAllocationRow, TableName, Value } from '@jobsweep/contract';
import {
  type JobState,
  type ResourceStatus,
  resolveSchema,
  type SchemaOptions,
  type States,
  type TimeCodec,
  type TimeColumn,
} from '@jobsweep/core';

/** A column in the words of the port. */
type Column = keyof JobRow | keyof SuiteAllocationRow;

/** What a column holds. */
export type ColumnType = Exclude<IdKind, 'objectId' | 'pair'> | 'caseless' | 'boolean' | TimeCodec;

/** A column as a layout has it. */
export interface LayoutColumn {
  readonly column: Column;
  /** As it is named in the database. */
  readonly name: string;
  readonly type: ColumnType | 'objectId';
  /** Which part of an id it holds, where a key has several columns. */
  readonly part?: number;
  /** Raw values of the words of the port, and back; only of state columns. */
  readonly states?: States<string>;
}

/** A table as a layout has it. */
export interface LayoutTable {
  readonly name: string;
  readonly columns: readonly LayoutColumn[];
}

export type LayoutTables = Readonly<Record<TableName, LayoutTable | undefined>>;

/** The columns that filters name, and one that nothing names: the same in every database. */
const OTHERS = { tenant: 'number', pinned: 'boolean', note: 'text' } as const;

/**
 * The tables of a layout, column by column; a column that is mapped to `null` is left out.
 *
 * @param defaults the adapter's own names, where they are not those of core.
 * @param codec the codec of a time column that is given by its name alone.
 */
export function tablesOf(
  { schema = {}, ids = 'number', isCaseless = false }: Layout,
  defaults: SchemaOptions,
  codec: TimeCodec,
): LayoutTables {
  const { jobs, allocations } = resolveSchema(withDefaults(schema, defaults), codec);
  const time = (column: Column, { column: name, codec: type }: TimeColumn): LayoutColumn => ({ column, name, type });
  const times = (column: Column, given: TimeColumn | null) => (given === null ? [] : [time(column, given)]);
  const textType = isCaseless ? 'caseless' : 'text';
  const text = (column: Column, name: string | null): LayoutColumn[] =>
    name === null ? [] : [{ column, name, type: textType }];
  const state = (column: Column, name: string, states: States<JobState> | States<ResourceStatus>) => {
    const written = states as States<string>;
    const isNumber = typeof written.writtenFor(column === 'state' ? 'RUNNING' : 'RELEASED') === 'number';
    return { column, name, type: isNumber ? 'number' : textType, states: written } as const;
  };
  const key = (column: 'id' | 'jobId', names: readonly string[]): LayoutColumn[] =>
    ids === 'pair'
      ? names.map((name, part) => ({ column, name, type: part === 0 ? 'number' : 'text', part }))
      : names.map((name) => ({ column, name, type: ids }));
  const other = (column: keyof typeof OTHERS): LayoutColumn => ({ column, name: column, type: OTHERS[column] });
  return {
    jobs: {
      name: jobs.table,
      columns: [
        ...key('id', jobs.columns.id),
        ...text('name', jobs.columns.name),
        state('state', jobs.states.place.column, jobs.states),
        time('startTime', jobs.columns.startTime),
        ...jobs.columns.endTime.map((each) => time('endTime', each)),
        ...text('errorMsg', jobs.columns.errorMsg),
        ...text('exitCode', jobs.columns.exitCode),
        other('tenant'),
        other('pinned'),
        { column: 'heartbeat', name: 'heartbeat', type: codec },
        other('note'),
      ],
    },
    allocations:
      allocations === null
        ? undefined
        : {
            name: allocations.table,
            columns: [
              ...key('id', allocations.columns.id),
              ...key('jobId', allocations.columns.jobId),
              state('status', allocations.statuses.place.column, allocations.statuses),
              ...times('allocationTime', allocations.columns.allocationTime),
              ...times('releasedTime', allocations.columns.releasedTime),
              other('note'),
            ],
          },
  };
}

function withDefaults(schema: SchemaOptions, defaults: SchemaOptions): SchemaOptions {
  const merge = <Table extends { readonly columns?: object }>(table: Table | undefined, own: Table | undefined) =>
    ({ ...own, ...table, columns: { ...own?.columns, ...table?.columns } }) as Table;
  const { allocations } = schema;
  return {
    jobs: merge(schema.jobs, defaults.jobs),
    allocations: allocations === null ? null : merge(allocations, defaults.allocations ?? undefined),
  };
}

/** The part of an id that is in one column of a key. */
const partOf = ({ part }: LayoutColumn, id: string): string =>
  part === undefined ? id : ((JSON.parse(id) as string[])[part] ?? '');

/** What a value of the port is in the column, where the database needs nothing of its own. */
export function toRaw(column: LayoutColumn, value: Value): Value | number {
  const { type, states } = column;
  if (value === null) return null;
  if (column.part !== undefined) return partOf(column, value);
  if (type === 'epochSeconds') return Math.floor(Date.parse(value) / 1000);
  if (type === 'epochMillis') return Date.parse(value);
  return states === undefined || states.rawOf(value).length === 0 ? value : states.writtenFor(value);
}

/** The value of the port for what the column holds, as text. */
export function fromRaw({ type, states }: LayoutColumn, raw: Value): Value {
  if (raw === null) return null;
  if (type === 'epochSeconds') return isoMicros(Number(raw) * 1000);
  if (type === 'epochMillis') return isoMicros(Number(raw));
  // What jobsweep writes has milliseconds alone.
  if (type === 'isoText') return raw.replace(/(\.\d{3})Z$/, '$1000Z');
  if (type === 'boolean') return ['1', 'true'].includes(raw) ? 'true' : 'false';
  const state = states?.known(raw);
  return state !== undefined && String(states?.writtenFor(state)) === raw ? state : raw;
}

/** ISO 8601 in UTC with microseconds. */
const isoMicros = (millis: number): string => new Date(millis).toISOString().replace('Z', '000Z');
