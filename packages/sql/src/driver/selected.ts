import type { Exact, Key, Labels, Row, Selection } from '@jobsweep/core';
import { quoted, type Source } from './source.js';
import { joined, type Sql, sql, verbatim } from './sql.js';

/** A row as the database gives it: every value as text, under names that no library changes. */
export type RawRow = Readonly<Record<string, string | null>>;

/** What a statement reads, and what that means. */
export interface Selected {
  readonly columns: readonly Sql[];
  readonly toRow: (raw: RawRow) => Row;
}

/** A statement whose rows mean something. */
export interface Reading extends Pick<Selected, 'toRow'> {
  readonly sql: Sql;
}

/** No column has these names. */
const labelName = (name: string) => `jobsweep_label_${name}`;
const CLOCK = 'jobsweep_clock';

/**
 * The key and some columns of a source, each as exact text under its own name: the row that a driver gives is taken as it is,
 * since copies of thousands of rows a batch cost as much as all else that is done with them.
 */
export function selected(source: Source, { columns, labels, clock = false }: Selection): Selected {
  const { key } = source.table;
  const isPlain = labels === undefined && !clock;
  return {
    columns: [
      ...[...new Set([...key, ...columns])].map((column) => as(source, exactOf(source, column), column)),
      ...labelsOf(source, labels, labelName),
      ...(clock ? [as(source, source.words.now, CLOCK)] : []),
    ],
    toRow: (raw) => {
      const row = { key: keyOf(key, raw), columns: raw };
      if (isPlain) return row;
      return {
        ...row,
        ...(labels !== undefined && { labels: labelsIn(raw, labels, labelName) }),
        ...(clock && { clock: BigInt(raw[CLOCK] ?? 0) }),
      };
    },
  };
}

/** The same of a source beside another one, under other names than that one's. */
export function selectedBeside(source: Source, { columns, labels }: Selection): Selected {
  const names = [...new Set([...source.table.key, ...columns])];
  const aliases = names.map((_name, index) => `jobsweep_${index}`);
  const name = (each: string) => `${labelName(each)}_beside`;
  const keys = source.table.key.map((name) => aliases[names.indexOf(name)] ?? '');
  const empty: Readonly<Record<string, Exact>> = Object.fromEntries(names.map((name) => [name, null]));
  return {
    columns: [
      ...names.map((name, index) => as(source, exactOf(source, name), aliases[index] ?? '')),
      ...labelsOf(source, labels, name),
    ],
    toRow: (raw) => {
      const values = { ...empty };
      for (let index = 0; index < names.length; index += 1)
        values[names[index] ?? ''] = raw[aliases[index] ?? ''] ?? null;
      const row = { key: keyOf(keys, raw), columns: values };
      return labels === undefined ? row : { ...row, labels: labelsIn(raw, labels, name) };
    },
  };
}

function keyOf(names: readonly string[], raw: RawRow): Key {
  const [only = ''] = names;
  return names.length === 1 ? [raw[only] ?? null] : names.map((name) => raw[name] ?? null);
}

/** Not as the user's library would have it, but to the letter. */
function as({ words }: Source, value: Sql, name: string): Sql {
  return sql`${value} as ${verbatim(quoted(words, name))}`;
}

/** A value as exact text. */
function exactOf(source: Source, name: string): Sql {
  const { table, words } = source;
  const column = source.column(name);
  // Of a key all of it counts, also where it is shown as the name.
  if (table.key.includes(name)) return words.text(column);
  const time = table.times.get(name);
  if (time !== undefined) return words.timeText(column, time.codec);
  const characters = table.shown.get(name);
  return characters === undefined ? words.text(column) : words.shownText(column, characters + 1);
}

function labelsOf(source: Source, labels: Labels = {}, nameOf: (name: string) => string): Sql[] {
  return Object.entries(labels).map(([name, some]) => {
    const branches = some.map(({ when, label }) => sql`when ${source.where(when)} then ${label}`);
    return as(source, sql`case ${joined(branches, ' ')} end`, nameOf(name));
  });
}

function labelsIn(raw: RawRow, labels: Labels, nameOf: (name: string) => string): Row['labels'] {
  return Object.fromEntries(Object.keys(labels).map((name) => [name, raw[nameOf(name)] ?? null]));
}
