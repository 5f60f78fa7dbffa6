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
  constructor(
    private readonly rows: ReadonlyMap<string, Row>,
    private readonly ofGiven: ReadonlyMap<Given, Row>,
    private readonly heldOf: ReadonlySet<Given>,
  ) {}

  /** The row; nothing where it is gone, is none of those that were asked for, or could be one of two. */
  of(given: Given): Row | undefined {
    return this.ofGiven.get(given);
  }

  withKey(key: Key): Row | undefined {
    return this.rows.get(keyText(key));
  }

  /** Whether others hold it. */
  isHeld(given: Given): boolean {
    return this.heldOf.has(given);
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
  const keysOf = await keysOfAll(tx, values, table, given, refOf);
  const keys = new Map(keysOf.flat().map((key) => [keyText(key), key]));
  if (keys.size === 0) return new LockedRows(new Map(), new Map(), new Set());
  const locked = await lockWhere(tx, table, [...keys.values()], selection, where);
  const rows = new Map(locked.rows.map((row) => [keyText(row.key), row]));
  const held = new Set(locked.held.map(keyText));
  const ofGiven = new Map<Given, Row>();
  const heldOf = new Set<Given>();
  for (const [index, each] of given.entries()) {
    const texts = (keysOf[index] ?? []).map(keyText);
    const row = rows.get(texts[0] ?? '');
    if (row !== undefined) ofGiven.set(each, row);
    else if (held.size > 0 && texts.some((text) => held.has(text))) heldOf.add(each);
  }
  return new LockedRows(rows, ofGiven, heldOf);
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
 * The keys of rows. One that was made by hand may have several: then it has the one that there is, and none where it could be
 * one of two rows.
 */
async function keysOfAll<Given>(
  tx: Tx,
  values: Context['values'],
  table: Table,
  given: readonly Given[],
  refOf: (given: Given) => Ref,
): Promise<readonly (readonly Key[])[]> {
  const keysOf = given.map((each) => {
    const { id, exact } = refOf(each);
    return values.keysOf(table, id, exact);
  });
  const unclear = keysOf.filter((keys) => keys.length > 1);
  if (unclear.length === 0) return keysOf;
  const { rows } = await tx.lock(table, unclear.flat(), { columns: [] }, EVERY);
  const there = new Set(rows.map(({ key }) => keyText(key)));
  return keysOf.map((keys) => {
    const found = keys.length > 1 ? keys.filter((key) => there.has(keyText(key))) : keys;
    return found.length > 1 ? [] : found;
  });
}
