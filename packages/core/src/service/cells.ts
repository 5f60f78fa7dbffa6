import { type Exact, toMicros } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import type { Values } from '../rules/values.js';

/** Microseconds since 1970 as a `Date`, the microseconds cut. */
export function dateOf(micros: bigint): Date;
export function dateOf(micros: bigint | null): Date | null;
export function dateOf(micros: bigint | null): Date | null {
  return micros === null ? null : new Date(Number(micros / 1000n));
}

/** The values of a row of an own table. */
export class Cells {
  constructor(
    private readonly table: Table,
    private readonly values: Values,
    private readonly columns: Readonly<Record<string, Exact>>,
  ) {}

  text(column: string): string | null {
    const exact = this.columns[column] ?? null;
    return exact === null ? null : this.values.shown(exact);
  }

  /** 0 for none. */
  number(column: string): number {
    return Number(this.text(column) ?? 0);
  }

  time(column: string): bigint | null {
    const time = this.table.times.get(column);
    return time === undefined ? null : toMicros(this.columns[column] ?? null, time);
  }
}

/** Seconds from one time to another; negative where the other comes first. */
export const secondsBetween = (from: bigint, to: bigint): number => Number(to - from) / 1e6;
