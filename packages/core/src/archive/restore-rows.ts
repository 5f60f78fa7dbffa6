import { EVERY } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Link, Table } from '../driver/table.js';
import { JobsweepError } from '../errors.js';
import type { Context } from '../protocol/context.js';
import { eachPage } from '../protocol/related.js';
import type { Archive as Archived, Mapped } from '../rules/mapped.js';
import type { Dependent } from '../schema/resolve-dependents.js';
import { nameOf } from '../service/own-names.js';
import type { StayingRow } from './archive.js';

/** What hangs on rows, and comes back after them. */
interface Hanging {
  readonly link: Link;
  readonly hanging: readonly Hanging[];
}

/** Puts archived jobs back with what was deleted with them, each whole and within the transaction. */
export class RestoringRows {
  readonly staying: StayingRow[] = [];

  constructor(
    private readonly tx: Tx,
    private readonly context: Context,
  ) {}

  /** Those of some keys that no row of the table has. The rows of the others stay in the archive. */
  async free(table: Table, keys: readonly Key[]): Promise<readonly Key[]> {
    if (keys.length === 0) return [];
    const { values } = this.context;
    const there = await this.tx.countRelated(itself(table), keys, EVERY);
    const isThere = (key: Key) => there.has(keyText(key));
    for (const key of keys.filter(isThere)) this.staying.push({ table: nameOf(table), rowId: values.idOf(key) });
    return keys.filter((key) => !isThere(key));
  }

  /** @param jobs that are locked. Returns those that are back. */
  async restore(jobs: readonly Row[]): Promise<readonly Row[]> {
    const { mapped } = this.context;
    const back = await this.move(mapped.jobs.rows, jobs);
    for (const each of hangingOn(mapped)) await this.restoreHanging(each, keysOf(back));
    return back;
  }

  private async restoreHanging({ link, hanging }: Hanging, parents: readonly Key[]): Promise<void> {
    if (parents.length === 0) return;
    const kept = { ...link, to: this.archiveOf(link.to).rows };
    const before = this.staying.length;
    const columns = link.on.map(([, column]) => column);
    await eachPage(this.tx, { link: kept, parents, where: EVERY, columns }, async ({ rows }) => {
      const back = await this.move(link.to, rows);
      for (const each of hanging) await this.restoreHanging(each, keysOf(back));
    });
    const staying = this.staying.slice(before).filter(({ table }) => table === nameOf(link.to)).length;
    const counts = await this.tx.countRelated(kept, parents, EVERY);
    const left = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (left > staying) {
      const message = `Others hold ${left - staying} rows of ${nameOf(kept.to)}. Try again.`;
      throw new JobsweepError('LOCK_TIMEOUT', message);
    }
  }

  /** Moves rows out of the archive, but for those whose key is there. Returns those that it moved. */
  private async move(table: Table, rows: readonly Row[]): Promise<readonly Row[]> {
    if (rows.length === 0) return [];
    const { rows: from, within: where } = this.archiveOf(table);
    const free = new Set((await this.free(table, keysOf(rows))).map(keyText));
    const due = rows.filter(({ key }) => free.has(keyText(key)));
    if (due.length === 0) return [];
    const copied = await this.tx.copy({ from, to: table, keys: keysOf(due), where, columnsOf: 'to' });
    if (copied !== due.length) {
      const message = `${table.name} took ${copied} of ${due.length} rows of ${from.name}. Look for a trigger or a rule of ${table.name} that turns rows away.`;
      throw new JobsweepError('ROW_REJECTED', message);
    }
    await this.tx.remove(from, due, where);
    return due;
  }

  private archiveOf(table: Table): Archived {
    const archive = this.context.mapped.archiveOf(table);
    if (archive === undefined) throw new TypeError(`${table.name} has no archive`);
    return archive;
  }
}

/** What hangs on jobs, in the opposite of the order in which it is deleted. */
function hangingOn(mapped: Mapped): Hanging[] {
  const dependents = hangingIn(mapped.dependents.delete);
  if (!mapped.hasAllocations) return dependents;
  const allocations = { link: mapped.allocations.ofJob, hanging: [] };
  // What is between jobs and allocations tells whose these are.
  return mapped.allocations.between === null ? [allocations, ...dependents] : [...dependents, allocations];
}

const hangingIn = (dependents: readonly Dependent[]): Hanging[] =>
  [...dependents].reverse().map(({ link, dependents: nested }) => ({ link, hanging: hangingIn(nested) }));

/** From a key of a table to the row that has it. */
export const itself = (table: Table): Link => ({
  to: table,
  on: table.key.map((column) => [column, column]),
  kind: 'children',
});

export const keysOf = (rows: readonly Row[]): Key[] => rows.map(({ key }) => key);
