import type { SurveyedColumn, SurveyedTable } from '@jobsweep/core';
import { allocatedLike, releaseLike, stateLike } from './columns.js';
import type { Counted, Line } from './lines.js';
import { Picker, type Sources } from './picker.js';
import { allocationStatuses, type SaidStates } from './states.js';
import type { LinkToJobs } from './tables.js';
import { columnOf } from './times.js';

/** The lines of the allocations table; none where its statuses cannot be told. */
export interface AllocationLines {
  readonly lines: readonly Line[] | null;
  /** Values of its status that nobody knows. */
  readonly unknown: readonly Counted[];
  /** The column of these values. */
  readonly status: string | null;
}

const at = (name: string) => `schema.allocations.columns.${name}`;
const none = (path: string): Line => ({ path, value: null, reasons: [{ kind: 'none' }] });
const single = (names: readonly string[]): string | readonly string[] =>
  names.length === 1 ? (names[0] ?? '') : names;

/**
 * Maps the columns of allocations.
 *
 * @param link its columns that name a job, in the order of the job's key.
 */
export function allocationLines(
  table: SurveyedTable,
  link: LinkToJobs,
  said: SaidStates | undefined,
  sources: Sources,
): AllocationLines {
  const picker = new Picker(table, sources);
  const key = table.keys[0] ?? [];
  picker.take(...key, ...link.columns);
  const status = picker.column({ path: at('status'), like: stateLike(table) });
  const released = picker.time({ path: at('releasedTime'), like: releaseLike(table) }) ?? none(at('releasedTime'));
  const allocated =
    picker.time({ path: at('allocationTime'), like: allocatedLike(table) }) ?? none(at('allocationTime'));
  const column = table.columns.find((each) => each.name === status?.value);
  const told = column === undefined ? byTime(released) : byColumn(table, column, said, sources);
  if (told.lines === null) return { ...told, status: column?.name ?? null };
  const lines: Line[] = [
    { path: at('id'), value: single(key), reasons: [{ kind: 'primaryKey' }] },
    { path: at('jobId'), value: single(link.columns), reasons: [link.reason] },
    ...(status === undefined ? [] : [status]),
    ...[allocated, released, ...told.lines],
  ];
  return { lines, unknown: told.unknown, status: column?.name ?? null };
}

type Told = Pick<AllocationLines, 'lines' | 'unknown'>;

function byColumn(
  table: SurveyedTable,
  column: SurveyedColumn,
  said: SaidStates | undefined,
  { values }: Sources,
): Told {
  const { lines, unknown, isEnough } = allocationStatuses(column, values(table, column.name), said);
  return { lines: isEnough ? lines : null, unknown };
}

/** What is held is not released yet, so its time of release is NULL. */
function byTime(released: Line): Told {
  if (released.value === null) return { lines: null, unknown: [] };
  const column = columnOf(released.value as Parameters<typeof columnOf>[0]);
  const when = (value: unknown) => ({ when: { [column]: value } });
  const reasons: Line['reasons'] = [{ kind: 'setTime' }];
  const lines = [
    { path: 'schema.allocations.statuses.ALLOCATED', value: when(null), reasons },
    { path: 'schema.allocations.statuses.RELEASED', value: when({ isNot: null }), reasons },
  ];
  return { lines, unknown: [] };
}
