import type { Column } from './tables.js';

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
