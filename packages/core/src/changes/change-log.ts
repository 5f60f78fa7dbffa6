import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row, RowTexts } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import type { Context } from '../protocol/context.js';
import type { TimeColumn } from '../schema/time-column.js';
import type { Claim } from '../service/claims.js';
import type { Own } from '../service/own.js';
import { KEY_CHARACTERS, TEXT_LIMITS } from '../service/own-columns.js';
import { nameOf } from '../service/own-names.js';
import { KeptParts } from './kept-values.js';
import { type Recorder, RecordingTx, type RowChange } from './recording-tx.js';
import { TurnChanges } from './turn-changes.js';

/** Keeps what a repository changes, row by row and in the transaction of the change, where that is under a claim. */
export class ChangeLog<Session> implements Recorder {
  private readonly claims = new WeakMap<object, Claim>();
  private readonly parts = new KeptParts();
  private readonly written = new Map<string, readonly string[]>();
  private readonly times = new Map<string, ReadonlyMap<string, TimeColumn>>();
  /** The last turns: more than run at the same time. */
  private readonly turns = new Map<string, TurnChanges>();

  constructor(
    private readonly own: Own<Session>,
    private readonly context: Context,
  ) {}

  /** Keeps what is changed from now on in the transaction of a session. */
  keepUnder(claim: Claim, session: Session): void {
    this.claims.set(session as object, claim);
  }

  /** The transaction of a session, whose changes are kept if they are to be. */
  recording(tx: Tx, session: Session): Tx {
    const claim = this.claims.get(session as object);
    if (claim === undefined) return tx;
    const without = typeof claim.changes === 'object' ? claim.changes.without : [];
    return new RecordingTx(tx, this, without, (table, changes) => this.add(session, claim, table, changes));
  }

  keptPart(table: Table, columns: readonly string[]): Table {
    return this.parts.of(table, columns, this.timesOf(table));
  }

  timesOf(table: Table): ReadonlyMap<string, TimeColumn> {
    const name = nameOf(table);
    const mapped = this.context.mapped.jobs.rows;
    const isOfJobs = isSame(table, mapped) && table.times !== mapped.times;
    const more = isOfJobs ? [...table.times].filter(([column]) => !mapped.times.has(column)) : [];
    const known = this.times.get(name) ?? new Map<string, TimeColumn>();
    if (more.every(([column]) => known.has(column))) return known;
    const all = new Map([...known, ...more]);
    this.times.set(name, all);
    return all;
  }

  jobOf(table: Table, row: Row): Key | null {
    const { mapped, rows } = this.context;
    if (isSame(table, mapped.jobs.rows)) return row.key;
    if (!mapped.hasAllocations || !isSame(table, mapped.allocations.rows)) return null;
    const key = rows.jobKeyOf(row);
    return key.includes(null) ? null : key;
  }

  writtenIn(table: Table): readonly string[] {
    return this.written.get(nameOf(table)) ?? [];
  }

  noteWritten(table: Table, columns: readonly string[]): void {
    const known = this.writtenIn(table);
    if (columns.every((column) => known.includes(column))) return;
    this.written.set(nameOf(table), [...new Set([...known, ...columns])]);
  }

  private async add(session: Session, claim: Claim, table: Table, changes: readonly RowChange[]): Promise<void> {
    const { own, context } = this;
    const isArchive = context.mapped.archives.some(({ rows }) => isSame(rows, table));
    if (changes.length === 0 || isArchive) return;
    const { config, strategy } = claim;
    const turn = await this.turnOf(claim);
    const isOfJobs = isSame(table, context.mapped.jobs.rows);
    const same = {
      config: { value: config },
      strategy: { value: strategy },
      changed_at: { afterSeconds: 0 },
      table_name: { value: nameOf(table).slice(0, TEXT_LIMITS.table_name) },
    };
    const each = changes.map((change) => {
      const id = turn.nextId();
      if (isOfJobs) turn.noteJob(change.key, id);
      const jobChange = isOfJobs || change.job === null ? null : turn.ofJob(change.job);
      return { [String(own.changes.key[0])]: id, job_change: jobChange, ...textsOf(change) };
    });
    await own.within(session, (tx) => tx.insertAll(own.changes, same, each));
  }

  /** The changes of a turn. Once for each it is asked whether there is a table for them. */
  private async turnOf({ pass }: Claim): Promise<TurnChanges> {
    const known = this.turns.get(pass);
    if (known !== undefined) return known;
    await this.own.require(this.own.changes);
    const turn = new TurnChanges(pass);
    this.turns.set(pass, turn);
    const [oldest] = this.turns.keys();
    if (this.turns.size > KNOWN_TURNS && oldest !== undefined) this.turns.delete(oldest);
    return turn;
  }
}

const KNOWN_TURNS = 100;

const isSame = (one: Table, other: Table): boolean => nameOf(one) === nameOf(other);

const textsOf = ({ key, job, values }: RowChange): RowTexts => ({
  row_key: keptKey(key),
  job_key: job && keptKey(job),
  old_values: values?.old ?? null,
  new_values: values?.new ?? null,
});

/** A key as it is kept: a longer one is cut, and found no more. */
const keptKey = (key: Key): string => {
  const text = keyText(key);
  return text.length > KEY_CHARACTERS ? `${text.slice(0, KEY_CHARACTERS - 1)}…` : text;
};
