import { type Condition, EVERY } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row, Selection } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import type { AgeRule } from '../rules/limits.js';
import type { Context } from './context.js';

/** What is known of a row that somebody was given: its id, and its exact key where it was read. */
export interface Ref {
  readonly id: string;
  readonly exact: string | null | undefined;
}

export const jobRef = ({ id, version }: Job): Ref => ({ id, exact: version?.id });
export const allocationRef = ({ id, version }: ResourceAllocation): Ref => ({ id, exact: version?.id });
export const jobRefOf = ({ jobId, version, job }: AllocationWithJob): Ref => ({
  id: jobId,
  exact: version?.jobId ?? job.version?.id,
});

/** Rows that are locked, as they are now, to be found by those who were given them. */
export class LockedRows {
  private readonly rows: ReadonlyMap<string, Row>;
  private readonly held: ReadonlySet<string>;

  constructor(
    rows: readonly Row[],
    held: readonly Key[],
    private readonly keysOf: (ref: Ref) => readonly Key[],
  ) {
    this.rows = new Map(rows.map((row) => [keyText(row.key), row]));
    this.held = new Set(held.map(keyText));
  }

  /** The row; nothing where it is gone, is none of those that were asked for, or could be one of two. */
  of(ref: Ref): Row | undefined {
    const [key] = this.keysOf(ref);
    return key && this.withKey(key);
  }

  withKey(key: Key): Row | undefined {
    return this.rows.get(keyText(key));
  }

  isHeld(ref: Ref): boolean {
    return this.keysOf(ref).some((key) => this.held.has(keyText(key)));
  }
}

/** Step 1 of every write: locks the jobs that a rule still names, and leaves those that others hold. */
export function lockJobs(
  tx: Tx,
  { mapped, rows, rules, values }: Context,
  refs: readonly Ref[],
  where: Condition,
  limit?: AgeRule,
): Promise<LockedRows> {
  const labels = limit && rules.limits[limit].labels;
  return lock(tx, values, mapped.jobs.rows, refs, { columns: rows.jobVersion, labels }, where);
}

/** Locks allocations that are still in a status, and leaves those that others hold. */
export function lockAllocations(
  tx: Tx,
  { mapped, rows, values }: Context,
  refs: readonly Ref[],
  where: Condition,
): Promise<LockedRows> {
  return lock(tx, values, mapped.allocations.rows, refs, { columns: rows.allocationVersion }, where);
}

async function lock(
  tx: Tx,
  values: Context['values'],
  table: Table,
  refs: readonly Ref[],
  selection: Selection,
  where: Condition,
): Promise<LockedRows> {
  const keysOf = await keysOfAll(tx, values, table, refs);
  const keys = new Map(refs.flatMap(keysOf).map((key) => [keyText(key), key]));
  if (keys.size === 0) return new LockedRows([], [], keysOf);
  const { rows, held } = await tx.lock(table, [...keys.values()], selection, where);
  return new LockedRows(rows, held, keysOf);
}

/**
 * What tells the keys of rows. One that was made by hand may have several: then it has the one that there is, and none where
 * it could be one of two rows.
 */
async function keysOfAll(
  tx: Tx,
  values: Context['values'],
  table: Table,
  refs: readonly Ref[],
): Promise<(ref: Ref) => readonly Key[]> {
  const mayBe = ({ id, exact }: Ref) => values.keysOf(table, id, exact);
  const unclear = refs.map(mayBe).filter((keys) => keys.length > 1);
  if (unclear.length === 0) return mayBe;
  const { rows } = await tx.lock(table, unclear.flat(), { columns: [] }, EVERY);
  const there = new Set(rows.map(({ key }) => keyText(key)));
  return (ref) => {
    const keys = mayBe(ref);
    const found = keys.length > 1 ? keys.filter((key) => there.has(keyText(key))) : keys;
    return found.length > 1 ? [] : found;
  };
}
