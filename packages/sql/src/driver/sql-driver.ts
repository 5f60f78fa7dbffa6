import {
  type Cascade,
  type Clock,
  type ColumnShape,
  type Condition,
  type Driver,
  microsOf,
  type StateCount,
  type Table,
  type Tx,
} from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import { cascadesOf } from '../inspect/cascades.js';
import { RealNames } from '../inspect/real-names.js';
import type { SqlLibrary } from '../library.js';
import type { Sessions } from '../sessions.js';
import { NowaitTx } from './nowait-tx.js';
import { quoted } from './source.js';
import { joined, type Sql, sql, verbatim } from './sql.js';
import { type Run, type Runs, SqlTx } from './sql-tx.js';
import { Statements } from './statements.js';
import type { Words } from './words.js';

/** What the driver of a SQL database is made of. */
export interface SqlDriverParts<Session extends object> {
  /** What the user's configuration makes of a name. Absent: quotes alone. */
  readonly wrapIdentifier?: SqlLibrary<Session>['wrapIdentifier'];
  readonly dialect: Dialect;
  readonly sessions: Sessions<Session>;
  /** Replaces the database's clock. */
  readonly clock: Clock | undefined;
  /** As of `SqlTxOptions`. */
  readonly prepares: boolean;
  /** A table that every write begins with. */
  readonly first: Table;
}

/** The driver of a SQL database, whatever library runs the statements. */
export class SqlDriver<Session extends object> implements Driver<Session> {
  readonly borrows = true;
  private made: { readonly words: Words; readonly statements: Statements } | undefined;
  private readonly selfChangingOf = new Map<Table, readonly string[]>();

  constructor(private readonly parts: SqlDriverParts<Session>) {}

  /** In the words of the server, which is met with the first transaction. */
  private get statements(): Statements {
    const { wrapIdentifier, dialect } = this.parts;
    const { words } = dialect;
    if (this.made?.words === words) return this.made.statements;
    const quote = (name: string) => quoted(words, name);
    const statements = new Statements(words, (name) => wrapIdentifier?.(name, quote) ?? quote(name));
    this.made = { words, statements };
    return statements;
  }

  async open(session: Session, use: 'read' | 'write'): Promise<Tx> {
    const { sessions, clock, first, dialect } = this.parts;
    const open = sessions.open(session);
    await dialect.meet(open);
    if (use === 'write') {
      sessions.requireWritable(session);
      await sessions.begin(session);
      await sessions.requireReadCommitted(session, open, this.statements.touch(first));
    }
    const now = clock === undefined ? await sessions.now(session, open) : microsOf(clock.now());
    return this.tx(open, now);
  }

  /** The same of a transaction that was looked at before, or of anything else that runs statements. */
  tx(session: Runs, now = 0n): Tx {
    const { dialect, prepares } = this.parts;
    const { lock, returnsChanged } = dialect.words;
    const isRefused = (error: unknown) => dialect.undidItselfAlone(error);
    const { selfChanging, shapes } = this;
    const how = { isRefused, returnsChanged, prepares, selfChanging, shapes };
    return new (lock === 'nowait' ? NowaitTx : SqlTx)(this.statements, session, how, now);
  }

  async cascades(session: Session, tables: readonly Table[], known: readonly Table[]): Promise<Cascade[]> {
    const { dialect, sessions } = this.parts;
    const open = sessions.open(session);
    await dialect.meet(open);
    return cascadesOf(open, dialect.catalog, new RealNames(this.parts), tables, known);
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

  /** The columns of tables as they are now, by the names that the database has for them, in one statement. */
  readonly shapes = async (run: Run, ...tables: readonly Table[]): Promise<(readonly ColumnShape[])[]> => {
    const { wrapIdentifier, dialect } = this.parts;
    const real = (each: string) => wrapIdentifier?.(each, (text) => text) ?? each;
    const each = tables.map(({ schema, name }, index) => {
      const place = { schema: schema === undefined ? undefined : real(schema), name: real(name) };
      const columns = dialect.words.shape(place);
      return sql`select ${verbatim(String(index))} as n, shape.* from (${columns}) as shape`;
    });
    const found = await run(joined(each, ' union all '));
    return tables.map((_table, index) =>
      found
        .filter(({ n }) => Number(n) === index)
        .map(({ name, type, made }) => ({ name: name ?? '', type: type ?? '', isGenerated: made === 'true' })),
    );
  };

  /** A table under its alias, and a condition on its rows. */
  conditionOn(table: Table, condition: Condition): { readonly aliased: Sql; readonly where: Sql } {
    return this.statements.conditionOn(table, condition);
  }

  /** The values of a state column. See `Statements.values`. */
  async valuesOf(run: Run, ...of: Parameters<Statements['values']>): Promise<StateCount[]> {
    const rows = await run(this.statements.values(...of));
    return rows.map(({ value = null, n }) => ({ value, rows: Number(n) }));
  }

  translate(error: unknown): unknown {
    return this.parts.dialect.errors.translate(error);
  }
}
