import { EVERY } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Link, Table } from '../driver/table.js';
import { JobsweepError } from '../errors.js';
import type { Context } from '../protocol/context.js';
import { eachPage, itself } from '../protocol/related.js';
import { archivedLink, archiveOf, hangingOn } from '../rules/hanging.js';
import type { Dependent } from '../schema/resolve-dependents.js';
import { nameOf } from '../service/own-names.js';
import { bothOf, NONE_STAYS, type Staying } from './staying.js';

/** Puts archived jobs back with what was deleted with them, each whole or not at all, and within the transaction. */
export class RestoringRows {
  private rows = NONE_STAYS;

  constructor(
    private readonly tx: Tx,
    private readonly context: Context,
  ) {}

  /** The rows of the archive whose keys are taken. */
  get staying(): Staying {
    return this.rows;
  }

  /** Those of some archived jobs that can come back: no key is taken, neither theirs nor that of anything that hung on them. */
  async whole(jobs: readonly Key[]): Promise<readonly Key[]> {
    const { mapped } = this.context;
    const staying = new Set((await this.taken(mapped.jobs.rows, jobs)).map(keyText));
    const others = jobs.filter((key) => !staying.has(keyText(key)));
    const ofJobs = new Map(others.map((key) => [keyText(key), keyText(key)]));
    await this.look(hangingOn(mapped), others, ofJobs, (job) => staying.add(job));
    return others.filter((key) => !staying.has(keyText(key)));
  }

  /** @param jobs that are locked. Returns those that are back. */
  async restore(jobs: readonly Row[]): Promise<readonly Row[]> {
    const { mapped } = this.context;
    const whole = new Set((await this.whole(keysOf(jobs))).map(keyText));
    const due = jobs.filter(({ key }) => whole.has(keyText(key)));
    await this.move(mapped.jobs.rows, due);
    await this.restoreHanging(hangingOn(mapped), keysOf(due));
    return due;
  }

  /**
   * Looks for keys that are taken among those of what hung on rows, a page at a time.
   *
   * @param jobOf the job of each of the rows.
   */
  private async look(
    dependents: readonly Dependent[],
    parents: readonly Key[],
    jobOf: ReadonlyMap<string, string>,
    stays: (job: string) => void,
  ): Promise<void> {
    const seen = {
      lockRelated: async (...of: Parameters<Tx['related']>) => ({ rows: await this.tx.related(...of), held: [] }),
    };
    for (const { link, dependents: nested } of dependents) {
      const query = relatedIn(archivedLink(this.context.mapped, link), parents);
      await eachPage(seen, query, async ({ rows }) => {
        const parentOf = (row: Row) => keyText(query.columns.map((column) => row.columns[column] ?? null));
        const jobOfRow = new Map(rows.map((row) => [keyText(row.key), jobOf.get(parentOf(row)) ?? '']));
        for (const key of await this.taken(link.to, keysOf(rows))) stays(jobOfRow.get(keyText(key)) ?? '');
        await this.look(nested, keysOf(rows), jobOfRow, stays);
      });
    }
  }

  /** Those of some keys that rows of the table have. */
  private async taken(table: Table, keys: readonly Key[]): Promise<readonly Key[]> {
    if (keys.length === 0) return [];
    const there = await this.tx.countRelated(itself(table), keys, EVERY);
    const taken = keys.filter((key) => there.has(keyText(key)));
    const first = taken.map((key) => ({ table: nameOf(table), rowId: this.context.values.idOf(key) }));
    this.rows = bothOf(this.rows, { rows: taken.length, first });
    return taken;
  }

  /** In the opposite of the order in which it was deleted. */
  private async restoreHanging(dependents: readonly Dependent[], parents: readonly Key[]): Promise<void> {
    if (parents.length === 0) return;
    for (const { link, dependents: nested } of [...dependents].reverse()) {
      // What is between jobs and allocations tells whose these are, and is back by now.
      const query = relatedIn({ ...link, to: archiveOf(this.context.mapped, link.to).rows }, parents);
      await eachPage(this.tx, query, async ({ rows }) => {
        await this.move(link.to, rows);
        await this.restoreHanging(nested, keysOf(rows));
      });
      const left = await this.tx.countRelated(query.link, parents, EVERY);
      if (left.size > 0)
        throw new JobsweepError('LOCK_TIMEOUT', `Others hold rows of ${nameOf(query.link.to)}. Try again.`);
    }
  }

  /** Moves rows out of the archive. Where a key was taken a moment ago, the database refuses it. */
  private async move(table: Table, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const { rows: from, within: where } = archiveOf(this.context.mapped, table);
    const copied = await this.tx.copy({ from, to: table, keys: keysOf(rows), where, columnsOf: 'to' });
    if (copied !== rows.length) {
      const message = `${table.name} took ${copied} of ${rows.length} rows of ${from.name}. Look for a trigger or a rule of ${table.name} that turns rows away.`;
      throw new JobsweepError('ROW_REJECTED', message);
    }
    await this.tx.remove(from, rows, where);
  }
}

const relatedIn = (link: Link, parents: readonly Key[]) => ({
  ...{ link, parents, where: EVERY },
  columns: link.on.map(([, column]) => column),
});

export const keysOf = (rows: readonly Row[]): Key[] => rows.map(({ key }) => key);
