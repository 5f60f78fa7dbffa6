import type { ColumnValue, Condition, Exact, Link, Newer, Table } from '@jobsweep/core';
import { branchesOf } from './branches.js';
import { joined, numeral, type Sql, sql, verbatim } from './sql.js';
import type { Words } from './words.js';

/** A table under an alias, which conditions and statements are about. */
export class Source {
  /** @param aliasFor gives another table of the same statement an alias. */
  constructor(
    readonly words: Words,
    readonly table: Table,
    readonly alias: string,
    private readonly wrap: (name: string) => string,
    private readonly aliasFor = aliasesBeside(alias),
  ) {}

  /** The table by its name. */
  get name(): Sql {
    const { schema, name } = this.table;
    return schema === undefined ? this.identifier(name) : sql`${this.identifier(schema)}.${this.identifier(name)}`;
  }

  /** The table under its alias. */
  get aliased(): Sql {
    return sql`${this.name} as ${this.identifier(this.alias)}`;
  }

  /** The columns of its key. */
  get keys(): Sql[] {
    return this.table.key.map((column) => this.column(column));
  }

  /** A column, with the alias, or where it is borrowed what the other row has in it. */
  column(name: string): Sql {
    const lender = this.lenderOf([name]);
    if (lender !== undefined) {
      const { columns, from, isNamed } = lender;
      return sql`(select ${joined(columns, ', ')} from ${from} where ${isNamed})`;
    }
    return sql`${this.identifier(this.alias)}.${this.identifier(name)}`;
  }

  identifier(name: string): Sql {
    return verbatim(this.wrap(name));
  }

  /** Another table, whose alias is like no other. */
  other(table: Table): Source {
    return new Source(this.words, table, this.aliasFor(table.name), this.wrap, this.aliasFor);
  }

  /** Whether rows of another table are at the other end of a link. */
  isLinked(link: Link, other: Source): Sql {
    const ends = link.on.map(([, to]) => to);
    const isLinked =
      ends.length === 0
        ? verbatim('1 = 1')
        : other.holds(ends, (columns) => {
            const pairs = columns.map((column, index) => sql`${column} = ${this.column(link.on[index]?.[0] ?? '')}`);
            return joined(pairs, ' and ');
          });
    if (link.kind !== 'siblings') return isLinked;
    const same = this.table.key.map((column) => sql`${other.column(column)} = ${this.column(column)}`);
    return sql`${isLinked} and not (${joined(same, ' and ')})`;
  }

  /** Columns that all are its own, or all borrowed, and the table to join that these are in. */
  beside(names: readonly string[]): { readonly columns: readonly Sql[]; readonly join: Sql } {
    const lender = this.lenderOf(names);
    if (lender === undefined) return { columns: names.map((name) => this.column(name)), join: verbatim('') };
    const { columns, from, isNamed } = lender;
    return { columns, join: sql` inner join ${from} on ${isNamed}` };
  }

  /**
   * Whether something holds of such columns. The table that borrowed ones are in is asked for the rows of which it does, so that
   * indexes on both tables help.
   */
  holds(names: readonly string[], isTrue: (columns: readonly Sql[]) => Sql): Sql {
    const lender = this.lenderOf(names);
    if (lender === undefined) return isTrue(names.map((name) => this.column(name)));
    const { columns, from, own, keys } = lender;
    return sql`(${joined(own, ', ')}) in (select ${joined(keys, ', ')} from ${from} where ${isTrue(columns)})`;
  }

  /** The table that some columns are borrowed from; `undefined`: they are its own. */
  private lenderOf(names: readonly string[]) {
    const { borrowed } = this.table;
    const theirs = names.map((name) => borrowed?.columns.get(name));
    if (borrowed === undefined || theirs.some((name) => name === undefined)) return undefined;
    const other = this.other(borrowed.from);
    const own = borrowed.on.map(([name]) => this.column(name));
    const keys = borrowed.on.map(([, key]) => other.column(key));
    const pairs = borrowed.on.map(([name, key]) => sql`${other.column(key)} = ${this.column(name)}`);
    const isNamed = joined(pairs, ' and ');
    return { from: other.aliased, columns: theirs.map((name = '') => other.column(name)), own, keys, isNamed };
  }

  /** A condition on a row: true, or else false or NULL. */
  where(condition: Condition): Sql {
    if ('all' in condition) return this.each(condition.all, ' and ', '1 = 1');
    if ('any' in condition) return this.each(condition.any, ' or ', '1 = 0');
    if ('in' in condition) return this.isIn(condition.column, condition.in);
    if ('not' in condition) {
      const { not } = condition;
      if ('exists' in not && not.exists.kind !== 'parent' && not.newer === undefined)
        return sql`not ${this.where(not)}`;
      return sql`(${this.where(not)}) is not true`;
    }
    if ('exists' in condition) {
      const { exists: link, where, newer } = condition;
      return newer === undefined ? this.exists(link, where) : this.hasNewer(link, where, newer);
    }
    const time = this.timeOf(condition.time);
    const column = this.column(condition.time);
    if ('before' in condition) return this.words.isBefore(column, time, condition.before);
    const isSet = this.words.isSet(column, time);
    return condition.isSet ? isSet : sql`(${isSet}) is not true`;
  }

  timeOf(column: string) {
    const time = this.table.times.get(column);
    if (time === undefined) throw new TypeError(`${this.table.name}.${column} is no time column`);
    return time;
  }

  private each(conditions: readonly Condition[], between: string, none: string): Sql {
    if (conditions.length === 0) return verbatim(none);
    return sql`(${joined(
      conditions.map((each) => this.where(each)),
      between,
    )})`;
  }

  private isIn(column: string, values: readonly ColumnValue[]): Sql {
    const ref = this.column(column);
    const given = values.filter((value) => value !== null);
    const either = [
      ...(given.length > 0 ? [this.words.isIn(ref, given)] : []),
      ...(given.length < values.length ? [sql`${ref} is null`] : []),
    ];
    return either.length === 0 ? verbatim('1 = 0') : sql`(${joined(either, ' or ')})`;
  }

  /** Rows that so many come after are those that come before the last of as many newest ones: of a group it is always the same. */
  private hasNewer(link: Link, where: Condition, { time, count }: Newer): Sql {
    const other = this.other(link.to);
    const { words } = this;
    const group = link.on.map(([, to]) => other.column(to));
    const last = verbatim(`limit 1 offset ${count - 1}`);
    const branches = link.on.length === 0 && words.mergesPages ? branchesOf(where) : [];
    const each = branches.map((branch) => {
      return sql`(${other.newest(other.where(branch), time)} limit ${numeral(count)})`;
    });
    const columns = [verbatim('t'), ...this.keys.map((_key, index) => verbatim(`k${index}`))];
    const found =
      each.length > 1
        ? sql`select * from (${joined(each, ' union all ')}) as newest order by ${downwards(columns)} ${last}`
        : sql`${other.newest(this.inGroup(link, other, where), time, group)} ${last}`;
    return sql`(${joined([words.comparable(this.column(time), this.timeOf(time).codec), ...this.keys], ', ')}) < (${found})`;
  }

  /**
   * Rows with the same values, to the letter, that meet a condition: all of it in one, so that no planner counts on what it
   * makes of each part, and takes another way than the order of an index that has these values first.
   */
  private inGroup({ on }: Link, other: Source, where: Condition): Sql {
    if (on.length === 0) return other.where(where);
    const same = (alike: (column: Sql) => Sql) => {
      const pairs = on.map(([from, to]) => sql`${alike(other.column(to))} = ${alike(this.column(from))}`);
      return joined(pairs, ' and ');
    };
    return sql`${same((column) => column)} and case when ${other.where(where)} then ${same((column) => this.words.letters(column))} else 1 = 0 end`;
  }

  /**
   * The places of rows in the order of a time and the key, the newest first.
   *
   * @param group columns in which they are all alike: named in the order, or MySQL sorts what an index has in it.
   */
  private newest(condition: Sql, time: string, group: readonly Sql[] = []): Sql {
    const [column, { codec }] = [this.column(time), this.timeOf(time)];
    const keys = this.keys.map((key, index) => sql`${key} as ${verbatim(`k${index}`)}`);
    const place = joined([sql`${this.words.comparable(column, codec)} as t`, ...keys], ', ');
    return sql`select ${place} from ${this.aliased} where ${column} is not null and ${condition} order by ${downwards([...group, column, ...this.keys])}`;
  }

  /**
   * The one row that a link leads up to is looked up for each row by itself. Nearly all jobs are finished, so planners that
   * join by the state expect nearly all unreleased allocations to be due, and read the whole history of jobs instead.
   */
  private exists(link: Link, where: Condition): Sql {
    const other = this.other(link.to);
    const query = sql`(select 1 from ${other.aliased} where ${this.isLinked(link, other)} and ${other.where(where)})`;
    return link.kind === 'parent' ? sql`${query} = 1` : sql`exists ${query}`;
  }
}

/** A name in the quotes of a database. */
export const quoted = ({ quote }: Pick<Words, 'quote'>, name: string): string =>
  `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;

/** A table's name in the same quotes, with its schema where one is set. No configuration of the user's library makes another one of it. */
export function quotedName(words: Pick<Words, 'quote'>, { schema, name }: Pick<Table, 'schema' | 'name'>): string {
  const parts = schema === undefined ? [name] : [schema, name];
  return parts.map((part) => quoted(words, part)).join('.');
}

/** A text as a statement has it, whatever the server's mode says of backslashes. */
export const literal = (value: unknown): string => `'${String(value).replaceAll("'", "''")}'`;

/** An order by columns, the highest first. */
const downwards = (columns: readonly Sql[]): Sql =>
  joined(
    columns.map((column) => sql`${column} desc`),
    ', ',
  );

/** Whether columns come after a place in their order; `<`: before it, `<=`: not after it. */
export function isBehind(columns: readonly Sql[], place: readonly Exact[], is: '>' | '<' | '<=' = '>'): Sql {
  const [column = verbatim('null'), ...rest] = columns;
  const [exact = null, ...further] = place;
  const isBeyond = sql`${column} ${verbatim(rest.length === 0 ? is : is.charAt(0))} ${exact}`;
  if (rest.length === 0) return isBeyond;
  return sql`(${isBeyond} or (${column} = ${exact} and ${isBehind(rest, further, is)}))`;
}

/** A table's own name the first time, and then names that are short, since servers cut long ones. */
function aliasesBeside(first: string): (table: string) => string {
  const taken = new Set([first]);
  return (table) => {
    let alias = table;
    for (let count = 1; taken.has(alias); count += 1) alias = `t${count}`;
    taken.add(alias);
    return alias;
  };
}
