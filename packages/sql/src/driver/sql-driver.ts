import {
  type Clock,
  type Driver,
  isJobsweepError,
  microsOf,
  type StateValues,
  type Table,
  type Tx,
} from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import type { SqlLibrary } from '../library.js';
import type { Sessions } from '../sessions.js';
import { quoted } from './source.js';
import { type Run, type Runs, SqlTx } from './sql-tx.js';
import { Statements } from './statements.js';

/** What the driver of a SQL database is made of. */
export interface SqlDriverParts<Session extends object> {
  /** What the user's configuration makes of a name. Absent: quotes alone. */
  readonly wrapIdentifier?: SqlLibrary<Session>['wrapIdentifier'];
  readonly dialect: Dialect;
  readonly sessions: Sessions<Session>;
  /** Replaces the database's clock. */
  readonly clock: Clock | undefined;
  /** A table that every write begins with. */
  readonly first: Table;
}

/** The driver of a SQL database, whatever library runs the statements. */
export class SqlDriver<Session extends object> implements Driver<Session> {
  private readonly statements: Statements;
  private readonly selfChangingOf = new Map<Table, readonly string[]>();

  constructor(private readonly parts: SqlDriverParts<Session>) {
    const { wrapIdentifier, dialect } = parts;
    const quote = (name: string) => quoted(dialect.words, name);
    this.statements = new Statements(dialect.words, (name) => wrapIdentifier?.(name, quote) ?? quote(name));
  }

  async open(session: Session, use: 'read' | 'write'): Promise<Tx> {
    const { sessions, clock, first } = this.parts;
    const open = sessions.open(session);
    if (use === 'write') await sessions.requireReadCommitted(session, open, this.statements.touch(first));
    const now = clock === undefined ? await sessions.now(session, open) : microsOf(clock.now());
    return this.tx(open, now);
  }

  /** The same of a transaction that was looked at before, or of anything else that runs statements. */
  tx(session: Runs, now = 0n): Tx {
    const { returnsChanged } = this.parts.dialect.words;
    return new SqlTx(this.statements, session, { returnsChanged, selfChanging: this.selfChanging }, now);
  }

  /** The mapped times of a table that the server would change with every update, looked up once. */
  readonly selfChanging = async (run: Run, table: Table): Promise<readonly string[]> => {
    const query = this.parts.dialect.words.selfChanging?.(table.schema, table.name);
    if (query === undefined) return [];
    const known = this.selfChangingOf.get(table);
    if (known !== undefined) return known;
    const names = (await run(query)).map(({ name }) => name ?? '');
    const times = names.filter((name) => table.times.has(name));
    this.selfChangingOf.set(table, times);
    return times;
  };

  /** The values of a state column. See `Statements.values`. */
  async valuesOf(run: Run, ...of: Parameters<Statements['values']>): Promise<StateValues['counted']> {
    const rows = await run(this.statements.values(...of));
    return rows.map(({ value = null, n }) => ({ value, rows: Number(n) }));
  }

  translate(error: unknown): unknown {
    return isJobsweepError(error) ? error : this.parts.dialect.translate(error, false);
  }
}
