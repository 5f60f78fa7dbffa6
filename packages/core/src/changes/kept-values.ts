import type { Exact } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Table } from '../driver/table.js';

/** How much of a text is kept with a change. One that is longer cannot be put back. */
const KEPT_CHARACTERS = 2000;

/** A value as it is kept: exact, or the beginning of a text. */
export type KeptValue = Exact | { readonly cut: string };
export type KeptValues = Readonly<Record<string, KeptValue>>;

/** A table of which some columns are read no further than they are kept. */
export function keptPart(table: Table, columns: readonly string[]): Table {
  const texts = columns.filter((column) => !table.times.has(column));
  return { ...table, shown: new Map([...table.shown, ...texts.map((column) => [column, KEPT_CHARACTERS] as const)]) };
}

/** Some columns of a row that was read no further than texts are kept. */
function keptOf({ columns }: Row, names: readonly string[]): KeptValues {
  return Object.fromEntries(names.map((name) => [name, kept(columns[name] ?? null)]));
}

/** The same as a text, row after row. Most rows that are written together hold the same, and such a text is made once. */
export function keptTexts(names: readonly string[]): (row: Row) => string {
  let last: Row['columns'] | undefined;
  let text = '';
  return (row) => {
    const { columns } = row;
    const isAlike = last !== undefined && names.every((name) => columns[name] === last?.[name]);
    if (!isAlike) text = JSON.stringify(keptOf(row, names));
    last = columns;
    return text;
  };
}

/** Whether a row holds what was kept of some of its columns. */
export function holds(row: Row, values: KeptValues): boolean {
  const now = keptOf(row, Object.keys(values));
  return JSON.stringify(now) === JSON.stringify(values);
}

/** The exact value; `undefined`: it was too long to be kept. */
export const exactOf = (value: KeptValue): Exact | undefined =>
  typeof value === 'object' && value !== null ? undefined : value;

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

function kept(exact: Exact): KeptValue {
  if (exact === null || exact.length <= KEPT_CHARACTERS) return exact;
  const characters = [...exact];
  return characters.length <= KEPT_CHARACTERS ? exact : { cut: characters.slice(0, KEPT_CHARACTERS).join('') };
}
