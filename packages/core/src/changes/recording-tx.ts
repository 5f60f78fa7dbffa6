import { EVERY } from '../driver/condition.js';
import type { Locked, LockMode, RelatedQuery, Tx, Update } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row, Selection } from '../driver/row.js';
import type { Condition, Table } from '../driver/table.js';
import type { TimeColumn } from '../schema/time-column.js';
import { keptTexts } from './kept-values.js';

/** What became of one row, with its values as JSON. `null`: it was deleted, and its key alone is kept. */
export interface RowChange {
  readonly key: Key;
  readonly job: Key | null;
  readonly values: { readonly old: string; readonly new: string } | null;
}

/** What has to be known for it of the tables. */
export interface Recorder {
  /** A table of which some columns are read no further than they are kept, and as they are kept. */
  keptPart(table: Table, columns: readonly string[]): Table;
  /** Times in columns that the mapping does not have for times. */
  timesOf(table: Table): ReadonlyMap<string, TimeColumn>;
  /** The job that a row is, or is of; `null`: nobody knows. */
  jobOf(table: Table, row: Row): Key | null;
  /** The columns of a table that were written before: they are read with the lock, and not by a statement of their own. */
  writtenIn(table: Table): readonly string[];
  noteWritten(table: Table, columns: readonly string[]): void;
}

/** What is done with the changes of a statement, in the same transaction. */
export type Keep = (table: Table, changes: readonly RowChange[]) => Promise<void>;

/** A transaction that tells of each row that it changes or deletes what it was and what it is. */
export class RecordingTx implements Tx {
  constructor(
    private readonly tx: Tx,
    private readonly log: Recorder,
    private readonly without: readonly string[],
    private readonly keep: Keep,
  ) {}

  readonly page: Tx['page'] = (query) => this.tx.page(query);
  readonly count: Tx['count'] = (...queries) => this.tx.count(...queries);
  readonly sums: Tx['sums'] = (query) => this.tx.sums(query);
  readonly related: Tx['related'] = (query) => this.tx.related(query);
  readonly countRelated: Tx['countRelated'] = (...given) => this.tx.countRelated(...given);
  readonly insert: Tx['insert'] = (...given) => this.tx.insert(...given);
  readonly insertAll: Tx['insertAll'] = (...given) => this.tx.insertAll(...given);
  readonly copy: Tx['copy'] = (copy) => this.tx.copy(copy);
  readonly take: Tx['take'] = (...given) => this.tx.take(...given);
  readonly hold: Tx['hold'] = (...given) => this.tx.hold(...given);
  readonly change: Tx['change'] = (...given) => this.tx.change(...given);

  /** The columns of rows that were read with the lock, as they are kept. */
  private readonly locked = new WeakMap<Row, readonly string[]>();

  async lock(
    table: Table,
    keys: readonly Key[],
    selection: Selection,
    where: Condition,
    mode?: LockMode,
  ): Promise<Locked> {
    const written = this.log.writtenIn(table);
    const columns = [...new Set([...selection.columns, ...written])];
    const part = this.log.keptPart(table, written);
    return this.noted(await this.tx.lock(part, keys, { ...selection, columns }, where, mode), written);
  }

  async lockRelated(query: RelatedQuery): Promise<Locked> {
    const { to } = query.link;
    const written = this.log.writtenIn(to);
    const columns = [...new Set([...query.columns, ...written])];
    const link = { ...query.link, to: this.log.keptPart(to, written) };
    return this.noted(await this.tx.lockRelated({ ...query, columns, link }), written);
  }

  private noted(locked: Locked, columns: readonly string[]): Locked {
    for (const row of locked.rows) this.locked.set(row, columns);
    return locked;
  }

  get abilities() {
    return this.tx.abilities;
  }

  get now() {
    return this.tx.now;
  }

  async update(table: Table, update: Update): Promise<Row[]> {
    const { rows, set, columns } = update;
    const changed = Object.keys(set);
    // What is only relied on is changed by a number that nobody looks at.
    if (changed.every((column) => column === this.abilities.fence)) return this.tx.update(table, update);
    const isWithheld = (column: string) => this.without.includes(column);
    const [withheld, written] = [changed.filter(isWithheld), changed.filter((column) => !isWithheld(column))];
    this.log.noteWritten(table, written);
    const part = this.log.keptPart(table, written);
    const given = byKey(rows);
    const isRead = rows.every((row) => written.every((column) => this.locked.get(row)?.includes(column)));
    const keys = rows.map(({ key }) => key);
    const before = isRead ? given : byKey((await this.tx.lock(part, keys, { columns: written }, EVERY)).rows);
    const after = await this.tx.update(part, { ...update, columns: [...new Set([...columns, ...written])] });
    const how = { times: this.log.timesOf(table), withheld };
    const [oldOf, newOf] = [keptTexts(written, how), keptTexts(written, how)];
    await this.keep(
      table,
      after.map((row) => {
        const text = keyText(row.key);
        const old = before.get(text) ?? { key: row.key, columns: {} };
        const job = this.log.jobOf(table, given.get(text) ?? row);
        return { key: row.key, job, values: { old: oldOf(old), new: newOf(row) } };
      }),
    );
    return after;
  }

  async remove(table: Table, rows: readonly Row[], guard: Condition): Promise<Key[]> {
    const gone = await this.tx.remove(table, rows, guard);
    const given = byKey(rows);
    const jobOf = (key: Key) => this.log.jobOf(table, given.get(keyText(key)) ?? { key, columns: {} });
    await this.keep(
      table,
      gone.map((key) => ({ key, job: jobOf(key), values: null })),
    );
    return gone;
  }
}

const byKey = (rows: readonly Row[]): ReadonlyMap<string, Row> => new Map(rows.map((row) => [keyText(row.key), row]));
