import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Style } from './style.js';
import { broken, widestPiece, wrap } from './wrap.js';

const NONE = '';
const NO_FRAME = {
  top: NONE,
  'top-mid': NONE,
  'top-left': NONE,
  'top-right': NONE,
  bottom: NONE,
  'bottom-mid': NONE,
  'bottom-left': NONE,
  'bottom-right': NONE,
  left: NONE,
  'left-mid': NONE,
  mid: NONE,
  'mid-mid': NONE,
  right: NONE,
  'right-mid': NONE,
  middle: '  ',
};
const GAP = 2;
const LEAST_WIDTH = 12;

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Its text is broken into lines where the terminal is too narrow. */
  readonly wraps?: boolean;
}

/** Columns under titles; those that are named `right` hold numbers, and those in `wraps` text of any length. */
export function columnsOf(
  titles: Readonly<Record<string, string>>,
  right: readonly string[],
  wraps: readonly string[],
): Column[] {
  return Object.entries(titles).map(([key, title]) => ({
    title,
    align: right.includes(key) ? 'right' : 'left',
    wraps: wraps.includes(key),
  }));
}

/** Where a table is shown: columns of the terminal, and its colours. */
interface Look {
  readonly width: number;
  readonly style: Style;
}

/**
 * Rows under titles, without a frame. On a terminal that is too narrow the columns that wrap share what is left; where
 * even that is too little, each row becomes a list.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, style }: Look,
): string {
  const widths = columns.map(({ title }, at) => Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(widthOf)));
  const leastOf = (at: number) =>
    Math.max(LEAST_WIDTH, ...[columns[at]?.title ?? '', ...rows.map((row) => row[at] ?? '')].map(widestPiece));
  const fitted = fit(columns, widths, width, leastOf);
  if (fitted === undefined) return lists(columns, rows, { width, style });
  const made = new Table({
    chars: NO_FRAME,
    head: columns.map(({ title }) => style('bold', title)),
    colAligns: columns.map(({ align = 'left' }) => align),
    colWidths: fitted,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  // Line by line: with cells of several lines the library takes a thousand times as long.
  made.push(...rows.flatMap((row) => linesOf(row.map((cell, at) => inLines(cell, fitted[at] ?? 0)))));
  return trimmed(made.toString());
}

/** The lines of a row, from those of its cells. */
const linesOf = (cells: readonly (readonly string[])[]): string[][] =>
  Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_line, at) =>
    cells.map((lines) => lines[at] ?? ''),
  );

/** A cell in as many lines as its column asks for: the table would break at spaces only. */
const inLines = (cell: string, width: number): string[] =>
  cell.split('\n').flatMap((line) => (stringWidth(line) <= width ? [line] : broken(line, width)));

/** Names and values, one a line. */
function pairs(rows: readonly (readonly [string, string])[], { width, style }: Look): string {
  const longest = Math.max(0, ...rows.map(([name]) => widthOf(name)));
  return rows
    .map(([name, value]) => {
      const title = `${style('dim', name)}${' '.repeat(longest - widthOf(name) + GAP)}`;
      return wrap(value, width, ' '.repeat(longest + GAP), title);
    })
    .join('\n');
}

/** Widths that fit and cut nothing; `undefined`: none do. */
function fit(
  columns: readonly Column[],
  widths: readonly number[],
  width: number,
  leastOf: (at: number) => number,
): number[] | undefined {
  const total = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) + GAP * (of.length - 1);
  if (total(widths) <= width) return [...widths];
  const fitted = [...widths];
  const least = columns.map(({ wraps }, at) => (wraps === true ? leastOf(at) : Number.POSITIVE_INFINITY));
  while (total(fitted) > width) {
    const [widest] = fitted
      .map((size, at) => ({ at, size, least: least[at] ?? size }))
      .filter((column) => column.size > column.least)
      .sort((one, other) => other.size - one.size);
    if (widest === undefined) return undefined;
    fitted[widest.at] = Math.max(widest.least, widest.size - (total(fitted) - width));
  }
  return fitted;
}

function lists(columns: readonly Column[], rows: readonly (readonly string[])[], look: Look): string {
  return rows
    .map((row) => {
      const [first = '', ...others] = row;
      const named = others.map((value, at): [string, string] => [`  ${columns[at + 1]?.title.toLowerCase()}`, value]);
      const filled = named.filter(([, value]) => value !== '');
      return `${look.style('bold', first)}\n${pairs(filled, look)}`;
    })
    .join('\n\n');
}

const widthOf = (text: string): number => Math.max(...text.split('\n').map((line) => stringWidth(line)));
const trimmed = (text: string): string => text.replaceAll(/[ \t]+$/gm, '');
