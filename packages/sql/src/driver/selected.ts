import { type Label, type Row, type Selection, SHOWN_CHARACTERS } from '@jobsweep/core';
import type { Source } from './source.js';
import { joined, type Sql, sql, verbatim } from './sql.js';

/** A row as the database gives it: every value as text, under short names that no library changes. */
export type RawRow = Readonly<Record<string, string | null>>;

/** What a statement reads, and what that means. */
export interface Selected {
  readonly columns: readonly Sql[];
  readonly toRow: (raw: RawRow) => Row;
}

/** The key and some columns of a source, each as exact text. Their names begin with `prefix`. */
export function selected(source: Source, { columns, labels, clock = false }: Selection, prefix = ''): Selected {
  const { table } = source;
  const as = (value: Sql, name: string) => sql`${value} as ${verbatim(`${prefix}${name}`)}`;
  const exactOf = (column: string) => {
    const time = table.times.get(column);
    if (time !== undefined) return source.words.timeText(source.column(column), time.codec);
    if (table.shown.has(column)) return source.words.shownText(source.column(column), SHOWN_CHARACTERS + 1);
    return source.words.text(source.column(column));
  };
  return {
    columns: [
      ...table.key.map((column, index) => as(source.words.text(source.column(column)), `k${index}`)),
      ...columns.map((column, index) => as(exactOf(column), `c${index}`)),
      ...(labels === undefined ? [] : [as(labelOf(source, labels), 'l')]),
      ...(clock ? [as(source.words.now, 'now')] : []),
    ],
    toRow: (raw) => ({
      key: table.key.map((_column, index) => raw[`${prefix}k${index}`] ?? null),
      columns: Object.fromEntries(columns.map((column, index) => [column, raw[`${prefix}c${index}`] ?? null])),
      ...(labels !== undefined && { label: raw[`${prefix}l`] ?? null }),
      ...(clock && { clock: BigInt(raw[`${prefix}now`] ?? 0) }),
    }),
  };
}

function labelOf(source: Source, labels: readonly Label[]): Sql {
  const branches = labels.map(({ when, label }) => sql`when ${source.where(when)} then ${label}`);
  return sql`case ${joined(branches, ' ')} end`;
}
