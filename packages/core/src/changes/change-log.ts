import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row, RowTexts } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import type { Context } from '../protocol/context.js';
import type { Claim } from '../service/claims.js';
import type { Own } from '../service/own.js';
import { KEY_CHARACTERS, TEXT_LIMITS } from '../service/own-columns.js';
import { nameOf } from '../service/own-names.js';
import { KEPT_CHARACTERS } from './kept-values.js';
import { type Recorder, RecordingTx, type RowChange } from './recording-tx.js';

/** Keeps what a repository changes, row by row and in the transaction of the change, where that is under a claim. */
export class ChangeLog<Session> implements Recorder {
  private readonly turns = new WeakMap<object, Claim>();
  private readonly tables = new Map<string, Table>();
  /** The turn for which it was asked whether there is a table. */
  private required: string | undefined;

  constructor(
    private readonly own: Own<Session>,
    private readonly context: Context,
  ) {}

  /** Keeps what is changed from now on in the transaction of a session. */
  keepUnder(claim: Claim, session: Session): void {
    this.turns.set(session as object, claim);
  }

  /** The transaction of a session, whose changes are kept if they are to be. */
  recording(tx: Tx, session: Session): Tx {
    const claim = this.turns.get(session as object);
    return claim === undefined
      ? tx
      : new RecordingTx(tx, this, (table, changes) => this.add(session, claim, table, changes));
  }

  keptPart(table: Table, columns: readonly string[]): Table {
    const id = JSON.stringify([nameOf(table), columns]);
    const known = this.tables.get(id);
    if (known !== undefined) return known;
    const ofKept = columns.flatMap((column) => (table.times.has(column) ? [] : [[column, KEPT_CHARACTERS] as const]));
    const part = { ...table, shown: new Map([...table.shown, ...ofKept]) };
    this.tables.set(id, part);
    return part;
  }

  jobOf(table: Table, row: Row): Key | null {
    const { mapped, rows } = this.context;
    if (isSame(table, mapped.jobs.rows)) return row.key;
    if (!mapped.hasAllocations || !isSame(table, mapped.allocations.rows)) return null;
    const key = rows.jobKeyOf(row);
    return key.includes(null) ? null : key;
  }

  private async add(session: Session, claim: Claim, table: Table, changes: readonly RowChange[]): Promise<void> {
    if (changes.length === 0) return;
    const { own } = this;
    if (this.required !== claim.pass) await own.require(own.changes);
    this.required = claim.pass;
    const { pass, config, strategy } = claim;
    const same = {
      pass: { value: pass },
      config: { value: config },
      strategy: { value: strategy },
      changed_at: { afterSeconds: 0 },
      table_name: { value: nameOf(table).slice(0, TEXT_LIMITS.table_name) },
    };
    await own.within(session, (tx) => tx.insertAll(own.changes, same, changes.map(textsOf)));
  }
}

export const isSame = (one: Table, other: Table): boolean => nameOf(one) === nameOf(other);

const textsOf = ({ key, job, values }: RowChange): RowTexts => ({
  row_key: keptKey(key),
  job_key: job && keptKey(job),
  old_values: values && JSON.stringify(values.old),
  new_values: values && JSON.stringify(values.new),
});

/** A key as it is kept: a longer one is cut, and found no more. */
export const keptKey = (key: Key): string => {
  const text = keyText(key);
  return text.length > KEY_CHARACTERS ? `${text.slice(0, KEY_CHARACTERS - 1)}…` : text;
};
