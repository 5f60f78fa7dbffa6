import type { Summed, SumQuery } from '../../driver/driver.js';
import { secondsToMicros } from '../../driver/exact.js';
import { type AnyRow, type Evaluator, exactIn, microsIn } from './evaluator.js';

/** `Tx.sums` of rows in memory. */
export function sums(evaluator: Evaluator, { table, where, by, span, columns, limit }: SumQuery): Summed[] {
  const width = secondsToMicros(span.seconds);
  const groups = new Map<string, { readonly from: bigint; readonly rows: AnyRow[] }>();
  for (const row of evaluator.rows(table, where)) {
    const micros = microsIn(table, row, span.time);
    if (micros === null || micros < span.since) continue;
    const from = micros - (micros % width);
    const name = JSON.stringify([String(from), ...by.map((column) => exactIn(table, row, column))]);
    const group = groups.get(name) ?? { from, rows: [] };
    group.rows.push(row);
    groups.set(name, group);
  }
  const summed = [...groups.values()].map(({ from, rows }) => ({
    by: by.map((column) => (rows[0] === undefined ? null : exactIn(table, rows[0], column))),
    from,
    rows: rows.length,
    columns: Object.fromEntries(columns.map((column) => [column, sumOf(rows.map((row) => Number(row[column] ?? 0)))])),
  }));
  return summed.sort((one, other) => Number(one.from - other.from)).slice(0, limit);
}

const sumOf = (numbers: readonly number[]) => ({
  sum: numbers.reduce((sum, each) => sum + each, 0),
  greatest: numbers.reduce((greatest, each) => Math.max(greatest, each), 0),
});
