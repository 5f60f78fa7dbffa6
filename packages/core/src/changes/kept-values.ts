import type { Exact } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import type { TimeCodec } from '../schema/mapping.js';
import type { TimeColumn } from '../schema/time-column.js';

/** How much of a text is kept with a change. One that is longer cannot be put back. */
const KEPT_CHARACTERS = 2000;

/**
 * A value as it is kept: exact; the beginning of a text; a time of a column that the mapping does not have for one; or that
 * nothing is kept of it.
 */
export type KeptValue =
  | Exact
  | { readonly cut: string }
  | { readonly time: string; readonly codec: TimeCodec }
  | typeof WITHHELD;
export type KeptValues = Readonly<Record<string, KeptValue>>;

const WITHHELD = { withheld: true } as const;

type Times = ReadonlyMap<string, Pick<TimeColumn, 'codec'>>;

const NO_TIMES: Times = new Map();

/** Tables of which some columns are read no further than they are kept: one for each, since drivers know a table by what it is. */
export class KeptParts {
  private readonly known = new WeakMap<Table, Map<string, Table>>();

  /** @param times of columns that the table does not have for times. */
  of(table: Table, columns: readonly string[], times: Times = NO_TIMES): Table {
    if (columns.length === 0 && times.size === 0) return table;
    const parts = this.known.get(table) ?? new Map<string, Table>();
    this.known.set(table, parts);
    const id = JSON.stringify([columns, ...[...times].map(([column, { codec }]) => [column, codec])]);
    const part = parts.get(id) ?? keptPart(table, columns, times);
    parts.set(id, part);
    return part;
  }
}

function keptPart(table: Table, columns: readonly string[], times: Times): Table {
  const more = [...times].map(([column, { codec }]) => [column, { column, codec, unset: [] }] as const);
  const all = new Map<string, TimeColumn>([...more, ...table.times]);
  const texts = columns.filter((column) => !all.has(column));
  const shown = new Map([...table.shown, ...texts.map((column) => [column, KEPT_CHARACTERS] as const)]);
  return { ...table, times: all, shown };
}

/** What is kept of rows as a text, row after row. Most rows that are written together hold the same, and such a text is made once. */
export function keptTexts(
  names: readonly string[],
  { times = NO_TIMES, withheld = [] }: { readonly times?: Times; readonly withheld?: readonly string[] } = {},
): (row: Row) => string {
  const others = withheld.map((name) => [name, WITHHELD] as const);
  let last: Row['columns'] | undefined;
  let text = '';
  return ({ columns }) => {
    const isAlike = last !== undefined && names.every((name) => columns[name] === last?.[name]);
    const each = () => names.map((name) => [name, kept(columns[name] ?? null, times.get(name)?.codec)] as const);
    if (!isAlike) text = JSON.stringify(Object.fromEntries<KeptValue>([...each(), ...others]));
    last = columns;
    return text;
  };
}

/** Whether a row holds what was kept of some of its columns. */
export const holds = ({ columns }: Row, values: KeptValues): boolean =>
  Object.entries(values).every(([name, value]) => {
    if (isWithheld(value)) return true;
    const codec = isTime(value) ? value.codec : undefined;
    return JSON.stringify(kept(columns[name] ?? null, codec)) === JSON.stringify(value);
  });

/** The exact value; `undefined`: it was too long to be kept, or it was not to be. */
export function exactOf(value: KeptValue): Exact | undefined {
  if (typeof value !== 'object' || value === null) return value;
  return isTime(value) ? value.time : undefined;
}

export const isWithheld = (value: KeptValue): boolean =>
  typeof value === 'object' && value !== null && 'withheld' in value;

/** The times in columns that the mapping does not have for times. */
export const timesIn = (all: readonly KeptValues[]): Times =>
  new Map(
    all.flatMap((values) =>
      Object.entries(values).flatMap(([column, value]) => (isTime(value) ? [[column, value] as const] : [])),
    ),
  );

/** What such a text says; nothing where somebody else has written into the column. */
export function keptIn(json: string | null): KeptValues | null {
  if (json === null) return null;
  try {
    const values: unknown = JSON.parse(json);
    return typeof values === 'object' && values !== null && !Array.isArray(values) ? (values as KeptValues) : {};
  } catch {
    return {};
  }
}

export const isTime = (value: KeptValue): value is { readonly time: string; readonly codec: TimeCodec } =>
  typeof value === 'object' && value !== null && 'time' in value;

function kept(exact: Exact, codec: TimeCodec | undefined): KeptValue {
  if (exact !== null && codec !== undefined) return { time: exact, codec };
  if (exact === null || exact.length <= KEPT_CHARACTERS) return exact;
  const characters = [...exact];
  return characters.length <= KEPT_CHARACTERS ? exact : { cut: characters.slice(0, KEPT_CHARACTERS).join('') };
}
