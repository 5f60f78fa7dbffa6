import {
  type Assignment,
  type Assignments,
  type Condition,
  type Copy,
  type CountQuery,
  EVERY,
  type Key,
  type Link,
  type LockMode,
  type Query,
  type RelatedQuery,
  type Row,
  type RowTexts,
  type Selection,
  type StateColumn,
  type SumQuery,
  type Table,
  type Taking,
  type Update,
} from '@jobsweep/core';
import { countOf, sumsOf, valuesOf } from './aggregates.js';
import { hasKeys, newestFirst } from './keys.js';
import { page } from './page.js';
import { type Reading, selected } from './selected.js';
import { isBehind, quoted, Source } from './source.js';
import { joined, NOTHING, numeral, type Sql, sql, verbatim } from './sql.js';
import type { Words } from './words.js';

/** What is changed, and of which rows. */
interface Change extends Pick<Update, 'guard'> {
  readonly set: Assignments;
  readonly rows: readonly Pick<Row, 'key'>[];
}

/** The few statements that the driver is made of. */
export class Statements {
  constructor(
    private readonly words: Words,
    private readonly wrap: (name: string) => string,
  ) {}

  /** Reads something of a table. */
  touch(table: Table): Sql {
    return sql`select 1 as one from ${this.source(table).aliased} limit 1`;
  }

  /** A table under its alias, and a condition on its rows. */
  conditionOn(table: Table, condition: Condition): { readonly aliased: Sql; readonly where: Sql } {
    const source = this.source(table);
    return { aliased: source.aliased, where: source.where(condition) };
  }

  page(query: Query): Reading {
    return page(this.source(query.table), query);
  }

  /** One row: of each query, `n0` and on rows were counted, and `t0` and on is the earliest time. */
  counts(queries: readonly CountQuery[]): Sql {
    const each = queries.map(
      (query, index) => sql`(${countOf(this.source(query.table), query, index)}) as ${verbatim(`of${index}`)}`,
    );
    return sql`select * from ${joined(each, ' cross join ')}`;
  }

  values(query: StateColumn): Sql {
    return valuesOf(this.source(query.table), query);
  }

  sums(query: SumQuery): Sql {
    return sumsOf(this.source(query.table), query);
  }

  /** Rows with these keys, and their columns. */
  byKeys(table: Table, keys: readonly Key[], selection: Selection, where: Condition): Reading {
    const source = this.source(table);
    const { columns, toRow } = selected(source, selection);
    const conditions = sql`${hasKeys(this.words, source.keys, keys)} and ${source.where(where)}`;
    return { sql: sql`select ${joined(columns, ', ')} from ${source.aliased} where ${conditions}`, toRow };
  }

  /** The same in the order of their keys, locked. Those that others hold are left out, or the statement is refused. */
  lock(table: Table, keys: readonly Key[], selection: Selection, where: Condition, mode?: LockMode): Reading {
    const { sql: query, toRow } = this.byKeys(table, keys, selection, where);
    const locking = mode === 'share' ? verbatim(` ${this.words.share}`) : this.locking;
    return { sql: sql`${query} order by ${joined(this.source(table).keys, ', ')}${locking}`, toRow };
  }

  /** A row, locked as soon as nobody else holds it. */
  awaited(table: Table, key: Key, where: Condition): Reading {
    const { sql: query, toRow } = this.byKeys(table, [key], { columns: [] }, where);
    return { sql: sql`${query} for update`, toRow };
  }

  /** @param keys those of the rows themselves. Default: whatever they are. */
  related(
    { link, parents, where, order: by, after, limit, ...selection }: RelatedQuery,
    keys?: readonly Key[],
  ): Reading {
    const source = this.source(link.to);
    const { columns, toRow } = selected(source, selection);
    const ends = link.on.map(([, to]) => to);
    const up = ends.map((column) => source.column(column));
    const order = by === 'parent' ? up : [...up, ...source.keys];
    const isOfParents = source.holds(ends, (columns) => hasKeys(this.words, columns, parents));
    const conditions = [isOfParents, source.where(where)];
    if (keys !== undefined) conditions.push(hasKeys(this.words, source.keys, keys));
    if (after !== undefined) {
      const place = [...ends.map((column) => after.columns[column] ?? null), ...after.key];
      conditions.push(isBehind(order, place));
    }
    return {
      sql: sql`select ${joined(columns, ', ')} from ${source.aliased} where ${joined(conditions, ' and ')} order by ${joined(order, ', ')} limit ${numeral(limit)}`,
      toRow,
    };
  }

  /** The same, locked, as above. */
  lockRelated(query: RelatedQuery, keys?: readonly Key[]): Reading {
    const { sql: reading, toRow } = this.related(query, keys);
    return { sql: sql`${reading}${this.locking}`, toRow };
  }

  /** A row for each parent that has any: its key as `k0` and on, and how many as `n`. */
  countRelated(link: Link, parents: readonly Key[], where: Condition): Sql {
    const source = this.source(link.to);
    const { columns: up, join } = source.beside(link.on.map(([, to]) => to));
    const keys = up.map((column, index) => sql`${this.words.text(column)} as ${verbatim(`k${index}`)}`);
    const conditions = sql`${hasKeys(this.words, up, parents)} and ${source.where(where)}`;
    return sql`select ${joined(keys, ', ')}, count(*) as n from ${source.aliased}${join} where ${conditions} group by ${joined(up, ', ')}`;
  }

  /**
   * Gives the changed rows where the database does, and otherwise nothing.
   *
   * @param kept columns that the server would change by itself, unless they are written.
   */
  update(table: Table, { columns, ...update }: Update, kept: readonly string[] = []): Reading {
    const query = this.change(table, update, kept);
    const { columns: read, toRow } = selected(this.source(table), { columns });
    return { sql: this.words.returnsChanged ? sql`${query} returning ${joined(read, ', ')}` : query, toRow };
  }

  /** The same, and gives nothing. */
  change(table: Table, { rows, set, guard }: Change, kept: readonly string[], from = NOTHING): Sql {
    const source = this.source(table);
    const same = kept
      .filter((column) => !(column in set))
      .map((column) => sql`${source.identifier(column)} = ${source.column(column)}`);
    const values = Object.entries(set).map(([column, write]) => {
      return sql`${source.identifier(column)} = ${this.written(source, column, write)}`;
    });
    const keys = rows.map(({ key }) => key);
    const assigned = joined([...values, ...same], ', ');
    const where = sql`${hasKeys(this.words, source.keys, keys)} and ${source.where(guard)}`;
    return sql`update ${source.aliased} set ${assigned}${from} where ${where}`;
  }

  /** Where UPDATE returns rows: changes a row that nobody else holds, and gives it as it was. */
  take(table: Table, key: Key, { where, set, columns }: Taking, kept: readonly string[]): Reading {
    const { sql: free, toRow } = this.lock(table, [key], { columns }, where);
    const update = this.change(table, { rows: [{ key }], set, guard: EVERY }, kept, verbatim(' from free'));
    return { sql: sql`with free as (${free}) ${update} returning free.*`, toRow };
  }

  /** Adds a row, unless its key is given and there is one. */
  insert(table: Table, row: Assignments): Sql {
    const source = this.source(table);
    const { word, clause } = this.words.insertUnlessThere;
    const isKeyed = table.key.every((column) => column in row);
    const names = Object.keys(row).map((column) => source.identifier(column));
    const values = Object.entries(row).map(([column, write]) => this.written(source, column, write));
    const insert = sql`insert${verbatim(isKeyed ? word : '')} into ${source.name}`;
    return sql`${insert} (${joined(names, ', ')}) values (${joined(values, ', ')})${verbatim(isKeyed ? clause : '')}`;
  }

  /** Adds rows, each with what all have and some texts of its own. What all of them agree in is said once. */
  insertAll(table: Table, same: Assignments, each: readonly RowTexts[]): Sql {
    const source = this.source(table);
    const [first = {}] = each;
    const isAlike = (column: string) => each.every((texts) => texts[column] === first[column]);
    const [alike, own] = [Object.keys(first).filter(isAlike), Object.keys(first).filter((column) => !isAlike(column))];
    const shared = [
      ...Object.entries(same),
      ...alike.map((column) => [column, { value: first[column] ?? null }] as const),
    ];
    const names = [...shared.map(([column]) => column), ...own].map((column) => source.identifier(column));
    const values = shared.map(([column, write]) => this.written(source, column, write));
    const into = sql`insert into ${source.name} (${joined(names, ', ')})`;
    const texts = own.map((column) => each.map((row) => row[column] ?? null));
    const apart = texts.length === 0 ? undefined : this.words.rowsOf?.(texts);
    if (apart !== undefined)
      return sql`${into} select ${joined([...values, verbatim('texts.*')], ', ')} from ${apart} as texts`;
    const rows = each.map(
      (row) => sql`(${joined([...values, ...own.map((column) => sql`${row[column] ?? null}`)], ', ')})`,
    );
    return sql`${into} values ${joined(rows, ', ')}`;
  }

  /** Gives nothing. */
  remove(table: Table, rows: readonly Row[], guard: Condition): Sql {
    // Without an alias, which not every database lets such a table have.
    const source = this.source(table);
    const keys = rows.map(({ key }) => key);
    const where = sql`${hasKeys(this.words, source.keys, keys)} and ${source.where(guard)}`;
    // A row that refers to another of its table was made after it, as a retry after its original.
    const order = this.words.refusesRowByRow ? sql` order by ${newestFirst(source)}` : NOTHING;
    return sql`delete from ${source.name} where ${where}${order}`;
  }

  /** Gives nothing. Where each row is looked at by itself, one that refers to another of its table comes after that. */
  copy({ from, to, keys, where }: Copy, columns: readonly string[]): Sql {
    const source = this.source(from);
    const names = columns.map((column) => quoted(this.words, column));
    const inserted = sql`insert into ${this.source(to).name} (${verbatim(names.join(', '))})${verbatim(this.words.givenKeys)}`;
    const alias = this.wrap(source.alias);
    const read = verbatim(names.map((name) => `${alias}.${name}`).join(', '));
    const order = this.words.refusesRowByRow ? sql` order by ${joined(source.keys, ', ')}` : NOTHING;
    // A column that this user may not read is not copied unseen: to read all of them is refused.
    const all = this.words.hidesColumns
      ? sql` and (select count(*) from (select * from ${source.name} where 1 = 0) as whole_row) = 0`
      : NOTHING;
    return sql`${inserted} select ${read} from ${source.aliased} where ${hasKeys(this.words, source.keys, keys)} and ${source.where(where)}${all}${order}`;
  }

  private get locking(): Sql {
    return verbatim(` for update ${this.words.lock}`);
  }

  private written(source: Source, column: string, write: Assignment): Sql {
    if ('increment' in write) return sql`${source.column(column)} + ${numeral(write.increment)}`;
    if ('value' in write) return sql`${write.value}`;
    if ('exact' in write) {
      const time = source.table.times.get(column);
      if (time === undefined || write.exact === null) return sql`${write.exact}`;
      return this.words.heldTime(write.exact, time.codec);
    }
    if ('json' in write) return sql`${JSON.stringify(write.json)}`;
    const { codec } = source.timeOf(column);
    if ('firstSet' in write) {
      const each = write.firstSet.map((name) => {
        const time = source.column(name);
        return sql`when ${this.words.isSet(time, source.timeOf(name))} then ${time}`;
      });
      return sql`case ${joined(each, ' ')} else ${this.words.instant(write.otherwise, codec)} end`;
    }
    return 'time' in write ? this.words.instant(write.time, codec) : this.words.afterNow(write.afterSeconds, codec);
  }

  private source(table: Table): Source {
    return new Source(this.words, table, table.name, this.wrap);
  }
}
