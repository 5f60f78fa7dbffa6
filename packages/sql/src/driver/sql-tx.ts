import {
  type Assignments,
  allOf,
  type ColumnShape,
  type Condition,
  type Copy,
  type Counted,
  type CountQuery,
  columnsIn,
  EVERY,
  isIn,
  type Key,
  keyText,
  type Link,
  type Locked,
  type LockMode,
  not,
  type Query,
  type RelatedQuery,
  type Row,
  type RowTexts,
  type Selection,
  type Summed,
  type SumQuery,
  singleParts,
  type Table,
  type Taking,
  type Tx,
  toMicros,
  type Update,
} from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { copiedColumns } from './fit.js';
import type { Reading } from './selected.js';
import type { Sql } from './sql.js';
import type { Statements } from './statements.js';

/** Runs statements of the open transaction: those that give rows, and those of which only the number counts. */
export type Runs = Pick<SqlSession, 'run' | 'look' | 'change'>;
export type Run = Runs['run'];

/** What is the same in every transaction of a database. */
export interface SqlTxOptions {
  /** Whether a statement was refused for rows that others hold. */
  readonly isRefused: (error: unknown) => boolean;
  /** Whether UPDATE returns the rows that it changed. */
  readonly returnsChanged: boolean;
  /** Whether the server keeps the statements that look rows up by their keys. */
  readonly prepares: boolean;
  /** The columns of tables as they are now. */
  readonly shapes: (run: Run, ...tables: readonly Table[]) => Promise<(readonly ColumnShape[])[]>;
  /** The mapped times of a table that the server would change with every update. */
  readonly selfChanging: (run: Run, table: Table) => Promise<readonly string[]>;
}

/** An open transaction of a SQL database, as the protocol uses it. */
export class SqlTx implements Tx {
  readonly abilities = { lock: 'beforehand', fence: null, atomic: true } as const;

  constructor(
    protected readonly statements: Statements,
    private readonly session: Runs,
    protected readonly how: SqlTxOptions,
    readonly now: bigint,
  ) {}

  page(query: Query): Promise<Row[]> {
    return this.read(this.statements.page(query), this.look);
  }

  async count(...queries: readonly CountQuery[]): Promise<Counted[]> {
    const [row = {}] = await this.look(this.statements.counts(queries));
    return queries.map(({ table, earliest }, index) => {
      const time = (earliest?.parent?.to ?? table).times.get(earliest?.time ?? '');
      const first = row[`t${index}`] ?? null;
      const isNone = first === null || time === undefined;
      // A number as text, whatever the library makes of it.
      return { rows: Number(row[`n${index}`]), earliest: isNone ? null : toMicros(`${first}`, time) };
    });
  }

  async sums(query: SumQuery): Promise<Summed[]> {
    const rows = await this.look(this.statements.sums(query));
    return rows.map((row) => ({
      by: query.by.map((_column, index) => row[`g${index}`] ?? null),
      from: BigInt(row.t ?? 0),
      rows: Number(row.n),
      columns: Object.fromEntries(
        query.columns.map((column, index) => [
          column,
          { sum: Number(row[`s${index}`]), greatest: Number(row[`m${index}`]) },
        ]),
      ),
    }));
  }

  async lock(
    table: Table,
    keys: readonly Key[],
    selection: Selection,
    where: Condition,
    mode?: LockMode,
  ): Promise<Locked> {
    const rows = await this.read(this.statements.lock(table, keys, selection, where, mode));
    // A row that could not be locked is either held by others or gone: only those that are still there come back.
    const missing = rows.length === keys.length ? [] : without(keys, rows);
    if (missing.length === 0) return { rows, held: [] };
    const held = await this.read(this.statements.byKeys(table, missing, { columns: [] }, where));
    return { rows, held: held.map(({ key }) => key) };
  }

  related(query: RelatedQuery): Promise<Row[]> {
    return this.read(this.statements.related(query));
  }

  async lockRelated(query: RelatedQuery): Promise<Locked> {
    return { rows: await this.read(this.statements.lockRelated(query)), held: [] };
  }

  async countRelated(link: Link, parents: readonly Key[], where: Condition): Promise<ReadonlyMap<string, number>> {
    const rows = await this.session.run(this.statements.countRelated(link, parents, where));
    return new Map(
      rows.map((row) => [keyText(link.on.map((_pair, index) => row[`k${index}`] ?? null)), Number(row.n)]),
    );
  }

  /**
   * Where UPDATE returns nothing the rows are read by a second statement: the lock keeps everybody else away from them, so
   * those that were changed are those that meet the guard still, or hold what was written into a column that it looks at. Not
   * what was written elsewhere: servers that are not strict cut texts that are too long.
   */
  async update(table: Table, update: Update): Promise<Row[]> {
    const kept = await this.kept(table);
    const changed = await this.read(this.statements.update(table, update, kept));
    if (this.how.returnsChanged) return changed;
    const { rows, set, columns, guard } = update;
    const written = columnsIn(guard).flatMap((column) => {
      const write = set[column];
      if (write === undefined || 'increment' in write) return [];
      const is =
        'value' in write ? write.value : 'exact' in write && !table.times.has(column) ? write.exact : undefined;
      const isNone = 'exact' in write && write.exact === null;
      return [is === undefined && !isNone ? not(isIn(column, [null])) : isIn(column, [is ?? null])];
    });
    const keys = rows.map(({ key }) => key);
    const pinned = singleParts(guard).filter((part) => !columnsIn(part).some((column) => column in set));
    const where = written.length > 0 ? allOf(...written, ...pinned) : guard;
    return this.read(this.statements.byKeys(table, keys, { columns }, where));
  }

  /** The server says how many; if that is not all of them, those that are gone are no more to be found. */
  async remove(table: Table, rows: readonly Row[], guard: Condition): Promise<Key[]> {
    const keys = rows.map(({ key }) => key);
    const gone = await this.session.change(this.byKey(this.statements.remove(table, rows, guard)));
    if (gone === keys.length) return keys;
    const missing = async (where: Condition) =>
      without(keys, await this.read(this.statements.byKeys(table, keys, { columns: [] }, where)));
    // A key may be unique within a scope alone; what does not meet the guard has stayed, and is found without it.
    const pinned = await missing(allOf(...singleParts(guard)));
    return pinned.length === gone ? pinned : (await missing(EVERY)).slice(0, gone);
  }

  /** Columns are looked up each time: while the rows are locked, no table that they are in changes its shape. */
  async copy(copy: Copy): Promise<number> {
    const { from, to, keys } = copy;
    if (keys.length === 0) return 0;
    const { run, change } = this.session;
    const [given = [], others = []] = await this.how.shapes(run, from, to);
    const columns = copiedColumns(copy, given, others);
    return change(this.statements.copy(copy, columns));
  }

  async insert(table: Table, row: Assignments): Promise<void> {
    await this.session.change(this.statements.insert(table, row));
  }

  async insertAll(table: Table, same: Assignments, each: readonly RowTexts[]): Promise<void> {
    for (const some of chunksOf(each)) await this.session.change(this.statements.insertAll(table, same, some));
  }

  async take(table: Table, key: Key, taking: Taking): Promise<Row | undefined> {
    const { where, set, columns } = taking;
    const kept = await this.kept(table);
    if (this.how.returnsChanged) return (await this.read(this.statements.take(table, key, taking, kept)))[0];
    const [row] = await this.locked(this.statements.lock(table, [key], { columns }, where));
    if (row === undefined) return undefined;
    await this.session.change(this.statements.change(table, { rows: [row], set, guard: EVERY }, kept));
    return row;
  }

  /** A statement that waited says what the clock was before. */
  async hold(table: Table, key: Key, columns: readonly string[], where: Condition): Promise<Row | undefined> {
    const lock = this.statements.lock(table, [key], { columns, clock: true }, where);
    const [atOnce] = await this.locked(lock);
    if (atOnce !== undefined) return atOnce;
    const awaited = await this.read(this.statements.awaited(table, key, where));
    return awaited.length === 0 ? undefined : (await this.locked(lock))[0];
  }

  async change(table: Table, key: Key, where: Condition, set: Assignments): Promise<boolean> {
    const update = { rows: [{ key }], set, guard: where };
    return (await this.session.change(this.statements.change(table, update, await this.kept(table)))) > 0;
  }

  private kept(table: Table): Promise<readonly string[]> {
    return this.how.selfChanging(this.session.run, table);
  }

  /** Runs a statement that locks a single row, which others may hold. */
  protected locked(reading: Reading): Promise<Row[]> {
    return this.read(reading);
  }

  protected async read({ sql, toRow }: Reading, run: Run = this.lookUp): Promise<Row[]> {
    return (await run(sql)).map(toRow);
  }

  /** Runs a statement that looks rows up by their keys. */
  private readonly lookUp: Run = (statement) => this.session.run(this.byKey(statement));

  /**
   * To plan a thousand keys takes the server longer than to find them. Pages are left out: a plan that is kept is for any values,
   * and uses no partial index.
   */
  private readonly byKey = (statement: Sql): Sql =>
    this.how.prepares ? { ...statement, isPrepared: true } : statement;

  /** Runs a SELECT, which may be the first statement and all there is. */
  private get look(): Run {
    return this.session.look ?? this.session.run;
  }
}

/** Rows of a statement that adds some, and characters of their texts: half of what servers take in one by default. */
const INSERTED_ROWS = 1000;
const INSERTED_CHARACTERS = 2_000_000;

function* chunksOf(each: readonly RowTexts[]): Generator<readonly RowTexts[]> {
  let chunk: RowTexts[] = [];
  let characters = 0;
  for (const texts of each) {
    const more = Object.values(texts).reduce((sum, text) => sum + (text?.length ?? 0), 0);
    if (chunk.length === INSERTED_ROWS || (chunk.length > 0 && characters + more > INSERTED_CHARACTERS)) {
      yield chunk;
      [chunk, characters] = [[], 0];
    }
    chunk.push(texts);
    characters += more;
  }
  if (chunk.length > 0) yield chunk;
}

function without(keys: readonly Key[], rows: readonly Row[]): Key[] {
  const found = new Set(rows.map(({ key }) => keyText(key)));
  return keys.filter((key) => !found.has(keyText(key)));
}
