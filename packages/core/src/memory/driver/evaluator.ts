import type { Condition } from '../../driver/condition.js';
import { type Exact, toMicros } from '../../driver/exact.js';
import type { Link, Newer, Table } from '../../driver/table.js';
import type { ColumnValue } from '../../schema/conditions.js';
import { compareIds } from '../engine/ids.js';
import type { MemoryValue, TableName } from '../engine/rows.js';
import { exactTime, toMicros as microsOfText } from '../engine/times.js';
import type { View } from '../engine/view.js';

/** A row of any table in memory. */
export type AnyRow = { readonly id: string; readonly [column: string]: MemoryValue };

/** Whether rows meet conditions, in one view of the tables. Rows that are linked are looked up once. */
export class Evaluator {
  private readonly linked = new Map<string, ReadonlyMap<MemoryValue, readonly AnyRow[]>>();

  /** @param clock the database's clock in microseconds since 1970. */
  constructor(
    private readonly view: View,
    readonly clock: bigint,
  ) {}

  /** The rows of a table that meet a condition, in no order. */
  rows(table: Table, where: Condition): AnyRow[] {
    return allRows(this.view, table).filter((row) => this.meets(table, row, where));
  }

  meets(table: Table, row: AnyRow, condition: Condition): boolean {
    if ('all' in condition) return condition.all.every((each) => this.meets(table, row, each));
    if ('any' in condition) return condition.any.some((each) => this.meets(table, row, each));
    if ('not' in condition) return !this.meets(table, row, condition.not);
    if ('in' in condition) return isAmong(condition.in, row[condition.column] ?? null);
    if ('exists' in condition) {
      const { exists: link, where, newer } = condition;
      const found = this.linkedTo(row, link).filter((other) => this.meets(link.to, other, where));
      return newer === undefined ? found.length > 0 : newer.count <= found.filter(isNewer(table, row, newer)).length;
    }
    const micros = microsIn(table, row, condition.time);
    return 'before' in condition ? micros !== null && micros < condition.before : (micros !== null) === condition.isSet;
  }

  /** The rows at the other end of a link. */
  linkedTo(row: AnyRow, { to, on, kind }: Link): readonly AnyRow[] {
    const [pair] = on;
    const found = pair === undefined ? allRows(this.view, to) : this.withValue(to, pair[1], row[pair[0]] ?? null);
    return kind === 'siblings' ? found.filter(({ id }) => id !== row.id) : found;
  }

  private withValue(table: Table, column: string, value: MemoryValue): readonly AnyRow[] {
    return this.byColumn(table, column).get(value) ?? [];
  }

  private byColumn(table: Table, column: string): ReadonlyMap<MemoryValue, readonly AnyRow[]> {
    const key = `${table.name}.${column}`;
    const known = this.linked.get(key);
    if (known !== undefined) return known;
    const groups = new Map<MemoryValue, AnyRow[]>();
    for (const row of allRows(this.view, table)) {
      const value = row[column] ?? null;
      if (value === null) continue;
      const group = groups.get(value);
      if (group === undefined) groups.set(value, [row]);
      else group.push(row);
    }
    this.linked.set(key, groups);
    return groups;
  }
}

/** A number is the text of its digits too, as in the columns of other databases. */
const isAmong = (values: readonly ColumnValue[], value: MemoryValue): boolean =>
  values.includes(value) || (typeof value === 'number' && values.includes(String(value)));

/** Whether other rows of its table come after a row. */
function isNewer(table: Table, row: AnyRow, { time }: Newer): (other: AnyRow) => boolean {
  const at = microsIn(table, row, time);
  return (other) => {
    const then = microsIn(table, other, time);
    if (at === null || then === null) return false;
    return then === at ? compareIds(other.id, row.id) > 0 : then > at;
  };
}

/** The exact value of a column. */
export function exactIn(table: Table, row: AnyRow, column: string): Exact {
  const value = row[column] ?? null;
  if (value === null) return null;
  return table.times.has(column) ? String(microsOfText(exactTime(column, String(value)))) : String(value);
}

/** The time in a column, in microseconds since 1970; `null` while unset. */
export function microsIn(table: Table, row: AnyRow, column: string): bigint | null {
  const time = table.times.get(column);
  return time === undefined ? null : toMicros(exactIn(table, row, column), time);
}

/** The table of the database in memory that a table is. */
export const nameOf = ({ name }: Table): TableName => name as TableName;

const allRows = (view: View, table: Table): AnyRow[] =>
  view.rows(nameOf(table), () => true).map((row) => row as AnyRow);
