import { allOf, type Condition, linksIn, ownPart, partsOf } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { heldAt } from '../driver/exact.js';
import type { Row, Write } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { JobsweepError } from '../errors.js';
import type { TouchedColumns } from '../rules/mapped.js';
import type { Requeue } from '../rules/requeue.js';
import { requireWritable } from '../rules/supported.js';
import type { TimeColumn } from '../schema/time-column.js';
import { jsonWith, type SetValue } from '../schema/written.js';
import type { Context } from './context.js';

/** What a job is failed with. */
export interface Failure {
  readonly errorMsg: string;
  readonly exitCode: string;
}

/** Fails jobs that are locked: FAILED, endTime now, message and exit code. Returns them as they are now. */
export async function writeFailed(
  tx: Tx,
  context: Context,
  due: readonly Row[],
  failure: Failure,
  guard: Condition,
): Promise<Row[]> {
  const { states, rows: table, said, touched, writtenEnd, endedAs } = context.mapped.jobs;
  requireWritable(context.mapped, states, 'FAILED');
  const told = writesOf(states.set('FAILED'), failure, tx.now);
  const end = writtenEnd === null ? {} : { [writtenEnd.column]: endOf(context, tx.now) };
  const set = {
    // First, since some servers look at what the statement has written already.
    ...(endedAs === 'lastSign' && end),
    ...touches(touched, tx.now),
    ...told,
    ...end,
    ...writesOf(said, failure, tx.now),
    ...told,
    ...end,
  };
  return writeEach(tx, table, due, set, guard, context.rows.job);
}

/** Gives jobs back that are locked: PENDING, one try more. Returns them as they are now. */
export async function writeGivenBack(
  tx: Tx,
  context: Context,
  due: readonly Row[],
  requeue: Requeue,
  guard: Condition,
): Promise<Row[]> {
  const { states, touched } = context.mapped.jobs;
  requireWritable(context.mapped, states, 'PENDING');
  const told = writesOf(states.set('PENDING'), { errorMsg: '', exitCode: '' }, tx.now);
  const changed: Row[] = [];
  for (const { jobs, set } of requeue.writes(tx.now, due)) {
    const all = { ...touches(touched, tx.now), ...told, ...set };
    changed.push(...(await writeEach(tx, requeue.table, jobs, all, guard, context.rows.job)));
  }
  return changed;
}

/** The end of a job that fails. */
function endOf({ mapped }: Context, now: bigint): Write {
  if (mapped.jobs.endedAs === 'now') return { time: now };
  return { firstSet: mapped.signs.map(({ column }) => column), otherwise: now };
}

/** Releases allocations that are locked: RELEASED, releasedTime now. Returns them as they are now. */
export async function writeReleased(
  tx: Tx,
  context: Context,
  due: readonly Row[],
  guard = context.rules.isUnreleased(),
): Promise<Row[]> {
  const { columns, statuses, rows: table, touched } = context.mapped.allocations;
  requireWritable(context.mapped, statuses, 'RELEASED');
  const told = writesOf(statuses.set('RELEASED'), { errorMsg: '', exitCode: '' }, tx.now);
  // What a state says goes before all else.
  const set = {
    ...touches(touched, tx.now),
    ...told,
    ...(columns.releasedTime !== null && atTime(columns.releasedTime, tx.now)),
    ...told,
  };
  return writeEach(tx, table, due, set, guard, context.rows.allocation);
}

/**
 * Where a lock is found at the commit: makes the commit fail when one of these jobs, which are relied on and not
 * changed, is changed meanwhile, or was since it was read.
 */
export async function fence(tx: Tx, context: Context, jobs: readonly Row[], guard: Condition): Promise<void> {
  const { fence: column, atomic } = tx.abilities;
  if (column === null || !atomic || jobs.length === 0) return;
  const set = { [column]: { increment: 1 } };
  await writeEach(tx, context.mapped.jobs.rows, jobs, set, guard, []);
}

/** Changes rows that are locked, and returns them as they are now. */
export async function writeEach(
  tx: Tx,
  table: Table,
  due: readonly Row[],
  set: Readonly<Record<string, Write>>,
  guard: Condition,
  columns: readonly string[],
): Promise<Row[]> {
  if (due.length === 0) return [];
  const update = { rows: due, set: held(table, set), guard: guardOf(tx, table, guard), columns };
  const changed = await tx.update(table, update);
  requireAll(tx, changed.length, due.length);
  return changed;
}

/**
 * What a write asks again of its rows. Databases that find a lock at the commit look into no other table there, and some
 * not into the one that they write; the look before, in the same transaction, did.
 */
export function guardOf({ abilities }: Tx, table: Table, guard: Condition): Condition {
  if (abilities.lock !== 'beforehand') return ownPart(guard);
  return allOf(...partsOf(guard).filter((part) => linksIn(part).every(({ exists }) => exists.to.name !== table.name)));
}

/** A row that was read a moment before and is not found as it was has been changed by others: the commit would fail. */
export function requireAll({ abilities }: Tx, changed: number, due: number): void {
  if (changed === due || abilities.lock === 'beforehand' || !abilities.atomic) return;
  throw new JobsweepError('CONFLICT', `${due - changed} of ${due} rows changed within the transaction. Try again.`);
}

/** The same with instants as the clocks of their columns' zones show them. */
function held({ times }: Table, set: Readonly<Record<string, Write>>): Record<string, Write> {
  const each = Object.entries(set).map(([column, write]): [string, Write] => {
    const zone = times.get(column)?.zone;
    if ('time' in write) return [column, { time: heldAt(write.time, zone) }];
    return [column, 'firstSet' in write ? { ...write, otherwise: heldAt(write.otherwise, zone) } : write];
  });
  return Object.fromEntries(each);
}

/** What is written for a state. */
function writesOf(set: Readonly<Record<string, SetValue>>, texts: Failure, now: bigint): Record<string, Write> {
  const write = (value: SetValue): Write => {
    if ('now' in value) return { time: now };
    if ('text' in value) return { value: texts[value.text] };
    if ('number' in value) {
      const number = Number.parseInt(texts[value.number], 10);
      return { value: Number.isNaN(number) ? null : number };
    }
    return 'json' in value ? { json: jsonWith(value.json, texts) } : value;
  };
  return Object.fromEntries(Object.entries(set).map(([column, value]) => [column, write(value)]));
}

/** What every change keeps current. */
export function touches({ now, increment }: TouchedColumns, time: bigint): Record<string, Write> {
  return Object.fromEntries([
    ...now.map(({ column }): [string, Write] => [column, { time }]),
    ...increment.map((column): [string, Write] => [column, { increment: 1 }]),
  ]);
}

const atTime = ({ column }: TimeColumn, time: bigint): Record<string, Write> => ({ [column]: { time } });
