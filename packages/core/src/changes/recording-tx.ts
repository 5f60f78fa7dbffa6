import { EVERY } from '../driver/condition.js';
import type { Tx, Update } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Condition, Table } from '../driver/table.js';
import { type KeptValues, keptOf } from './kept-values.js';

/** What became of one row. `null`: it was deleted, and its key alone is kept. */
export interface RowChange {
  readonly key: Key;
  readonly job: Key | null;
  readonly values: { readonly old: KeptValues; readonly new: KeptValues } | null;
}

/** What has to be known for it of the tables. */
export interface Recorder {
  /** A table of which some columns are read no further than they are kept. */
  keptPart(table: Table, columns: readonly string[]): Table;
  /** The job that a row is, or is of; `null`: nobody knows. */
  jobOf(table: Table, row: Row): Key | null;
}

/** What is done with the changes of a statement, in the same transaction. */
export type Keep = (table: Table, changes: readonly RowChange[]) => Promise<void>;

/** A transaction that tells of each row that it changes or deletes what it was and what it is. */
export class RecordingTx implements Tx {
  constructor(
    private readonly tx: Tx,
    private readonly log: Recorder,
    private readonly keep: Keep,
  ) {}

  readonly page: Tx['page'] = (query) => this.tx.page(query);
  readonly count: Tx['count'] = (...queries) => this.tx.count(...queries);
  readonly lock: Tx['lock'] = (...given) => this.tx.lock(...given);
  readonly related: Tx['related'] = (query) => this.tx.related(query);
  readonly lockRelated: Tx['lockRelated'] = (query) => this.tx.lockRelated(query);
  readonly countRelated: Tx['countRelated'] = (...given) => this.tx.countRelated(...given);
  readonly insert: Tx['insert'] = (...given) => this.tx.insert(...given);
  readonly insertAll: Tx['insertAll'] = (...given) => this.tx.insertAll(...given);
  readonly take: Tx['take'] = (...given) => this.tx.take(...given);
  readonly hold: Tx['hold'] = (...given) => this.tx.hold(...given);
  readonly change: Tx['change'] = (...given) => this.tx.change(...given);

  get abilities() {
    return this.tx.abilities;
  }

  get now() {
    return this.tx.now;
  }

  async update(table: Table, update: Update): Promise<Row[]> {
    const { rows, set, columns } = update;
    const written = Object.keys(set);
    // What is only relied on is changed by a number that nobody looks at.
    if (written.every((column) => column === this.abilities.fence)) return this.tx.update(table, update);
    const part = this.log.keptPart(table, written);
    const keys = rows.map(({ key }) => key);
    const before = byKey((await this.tx.lock(part, keys, { columns: written }, EVERY)).rows);
    const changed = await this.tx.update(part, { ...update, columns: [...new Set([...columns, ...written])] });
    const given = byKey(rows);
    await this.keep(
      table,
      changed.map((after) => {
        const text = keyText(after.key);
        const old = before.get(text) ?? { key: after.key, columns: {} };
        const job = this.log.jobOf(table, given.get(text) ?? after);
        return { key: after.key, job, values: { old: keptOf(old, written), new: keptOf(after, written) } };
      }),
    );
    return changed;
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
