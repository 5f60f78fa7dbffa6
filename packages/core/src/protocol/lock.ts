import { type Condition, EVERY, linksIn, ownPart } from '../driver/condition.js';
import type { Locked, Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row, Selection } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import type { AgeRule } from '../rules/limits.js';
import type { Context } from './context.js';
import { labelled } from './related.js';

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
export class LockedRows<Given> {
  private readonly rows = new Map<string, Row>();
  private readonly held: ReadonlySet<string>;

  /** @param keyOf the key of a row that somebody was given; nothing where it could be one of two. */
  constructor(
    { rows, held }: Locked,
    private readonly keyOf: (given: Given) => Key | undefined,
  ) {
    for (const row of rows) this.rows.set(keyText(row.key), row);
    this.held = new Set(held.map(keyText));
  }

  /** The row; nothing where it is gone, is none of those that were asked for, or could be one of two. */
  of(given: Given): Row | undefined {
    const key = this.keyOf(given);
    return key && this.withKey(key);
  }

  withKey(key: Key): Row | undefined {
    return this.rows.get(keyText(key));
  }

  /** Whether others hold it. */
  isHeld(given: Given): boolean {
    if (this.held.size === 0) return false;
    const key = this.keyOf(given);
    return key !== undefined && this.held.has(keyText(key));
  }

  /** Those that were changed, as they are after that. */
  changed(rows: readonly Row[]): LockedRows<Given> {
    return new LockedRows({ rows, held: [] }, this.keyOf);
  }
}

/**
 * Step 1 of every write: locks the jobs that a rule still names, and leaves those that others hold.
 *
 * @param columns what is to be judged of them.
 */
export function lockJobs<Given>(
  tx: Tx,
  { mapped, rows, rules, values }: Context,
  given: readonly Given[],
  refOf: (given: Given) => Ref,
  {
    where,
    columns,
    limit,
  }: { readonly where: Condition; readonly columns: readonly string[]; readonly limit?: AgeRule },
): Promise<LockedRows<Given>> {
  const labels = labelled(rows.jobLabels, limit && rules.limits[limit].labels);
  return lock(tx, values, mapped.jobs.rows, given, refOf, { columns, labels }, where);
}

/** Locks allocations that are still in a status, and leaves those that others hold. */
export function lockAllocations<Given extends ResourceAllocation>(
  tx: Tx,
  { mapped, rows, values }: Context,
  given: readonly Given[],
  where: Condition,
): Promise<LockedRows<Given>> {
  return lock(
    tx,
    values,
    mapped.allocations.rows,
    given,
    allocationRef,
    { columns: rows.allocationVersion, labels: rows.allocationLabels },
    where,
  );
}

async function lock<Given>(
  tx: Tx,
  values: Context['values'],
  table: Table,
  given: readonly Given[],
  refOf: (given: Given) => Ref,
  selection: Selection,
  where: Condition,
): Promise<LockedRows<Given>> {
  const keyOf = await keysOfAll(tx, values, table, given, refOf);
  const keys = new Map<string, Key>();
  for (const each of given) {
    const key = keyOf(each);
    if (key !== undefined) keys.set(keyText(key), key);
  }
  const none = { rows: [], held: [] };
  const locked = keys.size === 0 ? none : await lockWhere(tx, table, [...keys.values()], selection, where);
  return new LockedRows(locked, keyOf);
}

/** What other tables hold is looked up by a later statement: the one that waits for nobody may see what was there before. */
async function lockWhere(
  tx: Tx,
  table: Table,
  keys: readonly Key[],
  selection: Selection,
  where: Condition,
): Promise<Locked> {
  const locked = await tx.lock(table, keys, selection, ownPart(where));
  if (linksIn(where).length === 0 || locked.rows.length + locked.held.length === 0) return locked;
  return tx.lock(table, [...locked.rows.map(({ key }) => key), ...locked.held], selection, where);
}

/**
 * Tells the keys of rows. One that was made by hand may have several: then it has the one that there is, and none where it
 * could be one of two rows.
 */
async function keysOfAll<Given>(
  tx: Tx,
  values: Context['values'],
  table: Table,
  given: readonly Given[],
  refOf: (given: Given) => Ref,
): Promise<(given: Given) => Key | undefined> {
  const keysOf = (each: Given) => {
    const { id, exact } = refOf(each);
    return values.keysOf(table, id, exact);
  };
  const unclear: Key[] = [];
  for (const each of given) {
    const keys = keysOf(each);
    if (keys.length > 1) unclear.push(...keys);
  }
  if (unclear.length === 0) return (each) => keysOf(each)[0];
  const { rows } = await tx.lock(table, unclear, { columns: [] }, EVERY);
  const there = new Set(rows.map(({ key }) => keyText(key)));
  return (each) => {
    const keys = keysOf(each);
    const [key, ...others] = keys.length > 1 ? keys.filter((one) => there.has(keyText(one))) : keys;
    return others.length > 0 ? undefined : key;
  };
}
