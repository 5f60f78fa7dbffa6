import {
  type Assignment,
  type Assignments,
  type Condition,
  type Copy,
  type CountQuery,
  columnsIn,
  EVERY,
  type Key,
  type Link,
  type LockMode,
  linksIn,
  type Query,
  type RelatedQuery,
  type Row,
  type RowTexts,
  type Selection,
  type StateColumn,
  type SumQuery,
  secondsToMicros,
  type Table,
  type Taking,
  type Update,
} from '@jobsweep/core';
import { branchesOf } from './branches.js';
import { joinedTo, page } from './page.js';
import { type Reading, selected } from './selected.js';
import { isBehind, quoted, Source } from './source.js';
import { joined, type Sql, sql, verbatim } from './sql.js';
import type { Words } from './words.js';

/** What is changed, and of which rows. */
interface Change extends Pick<Update, 'guard'> {
  readonly set: Assignments;
  readonly rows: readonly Pick<Row, 'key'>[];
}

const NOTHING = verbatim('');

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
    const each = queries.map((query, index) => sql`(${this.count(query, index)}) as ${verbatim(`of${index}`)}`);
    return sql`select * from ${joined(each, ' cross join ')}`;
  }

  private count({ table, where, atMost, earliest }: CountQuery, index: number): Sql {
    const source = this.source(table);
    const up = earliest?.parent && source.other(earliest.parent.to);
    const from = sql`from ${source.aliased}${joinedTo(source, earliest?.parent, up)} where ${source.where(where)}`;
    const limit = atMost === undefined ? NOTHING : sql` limit ${count(atMost)}`;
    const [rows, time] = [verbatim(`count(*) as n${index}`), verbatim(`min(found.t) as t${index}`)];
    if (earliest === undefined) return sql`select ${rows} from (select 1 as one ${from}${limit}) as found`;
    const dated = up ?? source;
    const [column, { codec, ...how }] = [dated.column(earliest.time), dated.timeOf(earliest.time)];
    const isSet = this.words.isSet(column, { codec, ...how });
    const micros = sql`case when ${isSet} then ${this.words.micros(column, codec)} end`;
    const isEach = up === undefined && atMost !== undefined && linksIn(where).some(({ newer }) => newer !== undefined);
    const branches = isEach && this.words.mergesPages ? branchesOf(where) : [];
    if (branches.length > 1) {
      const order = verbatim(['o', ...source.keys.map((_key, index) => `k${index}`)].join(', '));
      const keys = source.keys.map((key, index) => sql`${key} as ${verbatim(`k${index}`)}`);
      const read = joined([sql`${micros} as t`, sql`${column} as o`, ...keys], ', ');
      const each = branches.map((branch) => {
        return sql`(select ${read} from ${source.aliased} where ${source.where(branch)} order by ${order}${limit})`;
      });
      const found = sql`select t from (${joined(each, ' union all ')}) as each_state order by ${order}${limit}`;
      return sql`select ${rows}, ${time} from (${found}) as found`;
    }
    const order = joined([...(up === undefined ? [column] : []), ...source.keys], ', ');
    return sql`select ${rows}, ${time} from (select ${micros} as t ${from} order by ${order}${limit}) as found`;
  }

  /**
   * A row for each value of a column, the most frequent first: the value to the letter, and `n` rows that have it.
   */
  values({ table, column, where, newest, limit }: StateColumn): Sql {
    const source = this.source(table);
    const letters = this.words.letters(source.column(column));
    const from = newest === undefined ? source.aliased : newestOf(source, [column, ...columnsIn(where)], newest);
    const groups = sql`select ${letters} as letters, count(*) as n from ${from} where ${source.where(where)} group by 1 order by 2 desc, 1 limit ${count(limit)}`;
    return sql`select ${this.words.text(verbatim('found.letters'))} as value, n from (${groups}) as found`;
  }

  /** A row of each group: `g0` and on are its texts, `t` is when its span begins, `n` rows, `s0`, `m0` and on are of each column. */
  sums({ table, where, by, span, columns, limit }: SumQuery): Sql {
    const source = this.source(table);
    const [time, { codec }] = [source.column(span.time), source.timeOf(span.time)];
    const micros = this.words.micros(time, codec);
    const isSince = this.words.isInOrder('>', time, codec, String(span.since - 1n), [], []);
    const width = verbatim(String(secondsToMicros(span.seconds)));
    const groups = [
      sql`${micros} - mod(${micros}, ${width}) as t`,
      ...by.map((name, index) => sql`${this.words.letters(source.column(name))} as ${verbatim(`g${index}`)}`),
    ];
    const each = columns.flatMap((name, index) => [
      sql`sum(${source.column(name)}) as ${verbatim(`s${index}`)}`,
      sql`max(${source.column(name)}) as ${verbatim(`m${index}`)}`,
    ]);
    const order = verbatim(groups.map((_group, index) => index + 1).join(', '));
    const read = joined([...groups, verbatim('count(*) as n'), ...each], ', ');
    const found = sql`select ${read} from ${source.aliased} where ${isSince} and ${source.where(where)} group by ${order} order by ${order} limit ${count(limit)}`;
    const names = ['t', 'n', ...columns.flatMap((_name, index) => [`s${index}`, `m${index}`])];
    const texts = [...names, ...by.map((_name, index) => `g${index}`)].map((name) => {
      return sql`${this.words.text(verbatim(`found.${name}`))} as ${verbatim(name)}`;
    });
    return sql`select ${joined(texts, ', ')} from (${found}) as found order by found.t`;
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
      sql: sql`select ${joined(columns, ', ')} from ${source.aliased} where ${joined(conditions, ' and ')} order by ${joined(order, ', ')} limit ${count(limit)}`,
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
    if ('increment' in write) return sql`${source.column(column)} + ${count(write.increment)}`;
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

const count = (rows: number): Sql => verbatim(String(rows));

/** Some columns of the rows with the greatest keys, in place of the table. */
function newestOf(source: Source, columns: readonly string[], rows: number): Sql {
  const { borrowed, key } = source.table;
  const named = columns.flatMap((column) =>
    borrowed?.columns.has(column) ? borrowed.on.map(([own]) => own) : [column],
  );
  const read = [...new Set([...key, ...named])].map((column) => source.column(column));
  return sql`(select ${joined(read, ', ')} from ${source.aliased} order by ${newestFirst(source)} limit ${count(rows)}) as ${source.identifier(source.alias)}`;
}

/** In the order of the keys, from the greatest on. */
function newestFirst(source: Source): Sql {
  const keys = source.keys.map((key) => sql`${key} desc`);
  return joined(keys, ', ');
}

const BEYOND_ASCII = /[^\x20-\x7e]/;

/** Whether columns are those of one of some keys. */
function hasKeys(words: Words, columns: readonly Sql[], keys: readonly Key[]): Sql {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    // NULL is no value, and equal to none: not to the empty text, which some servers take for 0.
    const given = keys.flatMap(([exact]) => exact ?? []);
    return given.length === 0 ? verbatim('1 = 0') : words.isOneOf(only, given);
  }
  if (words.misreadsTuples && keys.some((key) => key.some((exact) => exact !== null && BEYOND_ASCII.test(exact)))) {
    const each = keys.map((key) => {
      const parts = columns.map((column, index) => sql`${column} = ${key[index] ?? null}`);
      return sql`(${joined(parts, ' and ')})`;
    });
    return sql`(${joined(each, ' or ')})`;
  }
  const tuples = keys.map(
    (key) =>
      sql`(${joined(
        key.map((exact) => sql`${exact}`),
        ', ',
      )})`,
  );
  return sql`(${joined(columns, ', ')}) in (${joined(tuples, ', ')})`;
}
