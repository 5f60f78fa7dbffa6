import { type Exact, type Key, toMicros } from '../driver/exact.js';
import { isoOf } from '../driver/iso-text.js';
import type { Row } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import type { RowVersion } from '../model.js';
import type { Context } from '../protocol/context.js';
import { Cells, dateOf } from '../service/cells.js';
import type { Own } from '../service/own.js';
import { PASS_CHARACTERS } from '../service/own-columns.js';
import { nameOf } from '../service/own-names.js';
import type { Change, ShownValues } from './changes.js';
import { isTime, isWithheld, type KeptValue, type KeptValues, keptIn } from './kept-values.js';

/** What is read of a change. */
const CHANGE_TEXTS = ['row_key', 'job_key', 'job_change', 'old_values', 'new_values'] as const;
export const READ_COLUMNS: readonly string[] = [
  ...['config', 'strategy', 'changed_at', 'table_name', 'undone_at'],
  ...CHANGE_TEXTS,
];

/** A change with the parts of its row as they are in the database. */
export interface KeptChange {
  readonly change: Change;
  readonly key: Key;
  readonly job: Key | null;
  /** The change of that job in the same turn, by its id; `null`: there is none. */
  readonly jobChange: string | null;
  readonly old: KeptValues;
  readonly new: KeptValues;
}

/** Changes as they are kept, and as people read them. */
export class ChangeRows<Session> {
  private readonly tables: ReadonlyMap<string, Table>;

  constructor(
    private readonly own: Own<Session>,
    private readonly context: Context,
  ) {
    const { mapped } = context;
    const all = [
      mapped.jobs.rows,
      ...(mapped.hasAllocations ? [mapped.allocations.rows] : []),
      ...mapped.dependents.delete.flatMap(function tablesOf({ link, dependents }): Table[] {
        return [link.to, ...dependents.flatMap(tablesOf)];
      }),
    ];
    this.tables = new Map(all.map((table) => [nameOf(table), table]));
  }

  toChange({ key, columns }: Row): Change {
    const { changes, values } = this.own;
    const id = values.idOf(key);
    const cells = new Cells(changes, values, columns);
    const text = (column: string) => cells.text(column) ?? '';
    const name = text('table_name');
    const table = this.tables.get(name);
    const version: RowVersion = Object.fromEntries(CHANGE_TEXTS.map((column) => [column, cells.text(column)]));
    const job = cells.text('job_key');
    return {
      id,
      pass: id.slice(0, PASS_CHARACTERS),
      config: text('config'),
      strategy: text('strategy'),
      changedAt: dateOf(cells.time('changed_at') ?? 0n),
      table: name,
      rowId: this.idOf(table, text('row_key')),
      jobId: job === null ? null : this.idOf(this.context.mapped.jobs.rows, job),
      before: this.shown(table, keptIn(cells.text('old_values'))),
      after: this.shown(table, keptIn(cells.text('new_values'))),
      undoneAt: dateOf(cells.time('undone_at')),
      version,
    };
  }

  /** The parts of a change that was read. */
  partsOf(change: Change): KeptChange {
    const {
      row_key: row = '',
      job_key: job = null,
      job_change: jobChange = null,
      old_values: old = null,
      new_values: left = null,
    } = change.version;
    const { jobs } = this.context.mapped;
    return {
      change,
      key: keyIn(this.tables.get(change.table), row ?? ''),
      job: job === null ? null : keyIn(jobs.rows, job),
      jobChange,
      old: keptIn(old) ?? {},
      new: keptIn(left) ?? {},
    };
  }

  private idOf(table: Table | undefined, text: string): string {
    return this.context.values.idOf(keyIn(table, text));
  }

  private shown(table: Table | undefined, values: KeptValues | null): ShownValues | null {
    if (values === null) return null;
    const kept = Object.entries(values).filter(([, value]) => !isWithheld(value));
    return Object.fromEntries(kept.map(([column, value]) => [column, this.shownValue(table, column, value)]));
  }

  private shownValue(table: Table | undefined, column: string, value: KeptValue): string | null {
    if (value === null) return null;
    if (typeof value === 'object') {
      if (isTime(value)) return shownTime(value.time, toMicros(value.time, { column, codec: value.codec, unset: [] }));
      return 'cut' in value ? `${value.cut}…` : null;
    }
    const time = table?.times.get(column);
    return time === undefined ? this.context.values.shown(value) : shownTime(value, toMicros(value, time));
  }
}

const shownTime = (exact: Exact, micros: bigint | null): string | null => (micros === null ? exact : isoOf(micros));

/** A key as `keyText` writes it. A table that is mapped no more has one of one column. */
function keyIn(table: Table | undefined, text: string): Key {
  if (table === undefined || table.key.length === 1) return [text];
  try {
    const key: unknown = JSON.parse(text);
    return Array.isArray(key) ? (key as Key) : [text];
  } catch {
    return [text];
  }
}
