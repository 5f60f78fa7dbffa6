import {
  type Assignment,
  type Assignments,
  type ColumnValue,
  type Condition,
  type Exact,
  isoOf,
  type Key,
  type Link,
  type Query,
  type RowTexts,
  type Selection,
  type SumQuery,
  type Table,
} from '@jobsweep/core';
import { escapeIdentifier, escapeLiteral } from 'pg';

/** A text may equal another one and not be the same: there are collations, and a type, that pass over case. */
const TEXT_TYPES = "('text', 'character varying', 'character', 'citext')";

const micros = (time: string): string => `(extract(epoch from ${time}) * 1000000)::bigint`;

/** A table in a statement: whatever the statement says of its rows, in PostgreSQL's words. */
export class Source {
  /**
   * @param values of the whole statement: `$1`, `$2` and so on stand for them in its text.
   * @param on what links a row to those of another table of the statement.
   */
  constructor(
    private readonly table: Table,
    readonly values: unknown[] = [],
    private readonly alias = 'r',
    readonly on = 'true',
  ) {}

  /** The table at the other end of a link. */
  linked({ to, on, kind }: Link): Source {
    const other = new Source(to, this.values, `${this.alias}_`);
    const pairs = on.map(([from, name]) => `${other.column(name)} = ${this.column(from)}`);
    if (kind === 'siblings') pairs.push(`${other.key} <> ${this.key}`);
    return new Source(to, this.values, other.alias, pairs.join(' and '));
  }

  get from(): string {
    return `${escapeIdentifier(this.table.name)} as ${this.alias}`;
  }

  get key(): string {
    return this.columns(this.table.key);
  }

  column(name: string): string {
    return `${this.alias}.${escapeIdentifier(name)}`;
  }

  columns(names: readonly string[], each = ''): string {
    return names.map((name) => `${this.column(name)}${each}`).join(', ');
  }

  /** Reads rows, with those that a link leads to. Core gets them as the statement makes them. */
  select(selection: Selection, parent?: Query['parent']): string {
    if (parent === undefined) return `select ${this.row(selection)} as found from ${this.from}`;
    const up = this.linked(parent.link);
    return `select ${this.row(selection, up.row(parent))} as found from ${this.from} join ${up.from} on ${up.on}`;
  }

  /** Gives rows that a statement changes or deletes. */
  returning(columns: readonly string[]): string {
    return `returning ${this.row({ columns })} as found`;
  }

  /** A row as JSON whose values are texts: exact, whatever parsers the user gave to `pg`. */
  private row({ columns, labels, clock }: Selection, parent?: string): string {
    const values = columns.map((name) => `${escapeLiteral(name)}, ${this.exact(name)}`);
    const named = Object.entries(labels ?? {}).map(([name, some]) => {
      const cases = some.map(({ when, label }) => `when ${this.where(when)} then ${this.bind(label)}`);
      return `${escapeLiteral(name)}, case ${cases.join(' ')} end`;
    });
    return `json_build_object(
      'key', json_build_array(${this.key}::text), 'columns', json_build_object(${values.join(', ')})
      ${labels === undefined ? '' : `, 'labels', json_build_object(${named.join(', ')})`}
      ${clock === true ? `, 'clock', ${micros('clock_timestamp()')}::text` : ''}
      ${parent === undefined ? '' : `, 'parent', ${parent}`})`;
  }

  /** So many rows in an order, behind a place in it. */
  page(order: readonly string[], place: readonly Exact[] | undefined, limit: number, isDescending = false): string {
    const behind = place === undefined ? '' : this.isAt(isDescending ? '<' : '>', order, place);
    return `${behind} order by ${this.columns(order, isDescending ? ' desc' : '')} limit ${limit}`;
  }

  /** And where a row is in an order, seen from a place in it. */
  isAt(is: '<' | '>' | '<=', order: readonly string[], place: readonly Exact[]): string {
    const values = place.map((exact, index) => this.bindExact(order[index] ?? '', exact));
    return `and (${this.columns(order)}) ${is} (${values.join(', ')})`;
  }

  /** Those rows of which a column has one of these keys, one value of the statement however many they are. */
  among(column: string, keys: readonly Key[], condition: Condition): string {
    return `where ${column} = any(${this.bind(keys.map(([id]) => id))}) and ${this.where(condition)}`;
  }

  /** A time in microseconds since 1970; NULL while it is not set. */
  micros(name: string): string {
    return `case when ${this.isSet(name)} then ${micros(this.column(name))} end`;
  }

  isSince({ time, since }: SumQuery['span']): string {
    return `${this.column(time)} >= ${this.bind(isoOf(since))}`;
  }

  /** A row that is added. */
  added(row: Assignments): string {
    const values = Object.entries(row).map(([name, write]) => this.written(name, write));
    return `(${Object.keys(row).map(escapeIdentifier).join(', ')}) values (${values.join(', ')})`;
  }

  /** Values of new rows: what all have, and texts of their own. */
  addedAll(same: Assignments, each: readonly RowTexts[]): string {
    const columns = Object.keys(each[0] ?? {});
    const ofAll = Object.entries(same).map(([name, write]) => this.written(name, write));
    const own = columns.map((name) => `${this.bind(each.map((texts) => texts[name] ?? null))}::text[]`);
    const names = [...Object.keys(same), ...columns].map(escapeIdentifier);
    return `(${names.join(', ')}) select ${[...ofAll, 'texts.*'].join(', ')} from unnest(${own.join(', ')}) as texts`;
  }

  /** Changes of columns. */
  set(changes: Assignments): string {
    const each = Object.entries(changes).map(
      ([name, write]) => `${escapeIdentifier(name)} = ${this.written(name, write)}`,
    );
    return `set ${each.join(', ')}`;
  }

  private written(name: string, write: Assignment): string {
    if ('afterSeconds' in write)
      return `statement_timestamp() + make_interval(secs => ${this.bind(write.afterSeconds)})`;
    if ('increment' in write) return `${this.column(name)} + ${this.bind(write.increment)}`;
    if ('exact' in write) return this.bindExact(name, write.exact);
    if ('json' in write) return this.bind(JSON.stringify(write.json));
    if ('firstSet' in write) {
      const each = write.firstSet.map((time) => `when ${this.isSet(time)} then ${this.column(time)}`);
      return `case ${each.join(' ')} else ${this.bind(isoOf(write.otherwise))} end`;
    }
    return this.bind('time' in write ? isoOf(write.time) : write.value);
  }

  /** Whether a row meets a condition: true, or else false or NULL. */
  where(condition: Condition): string {
    if ('all' in condition) return `(${condition.all.map((each) => this.where(each)).join(' and ') || 'true'})`;
    if ('any' in condition) return `(${condition.any.map((each) => this.where(each)).join(' or ') || 'false'})`;
    if ('in' in condition) return this.isIn(condition.column, condition.in);
    if ('exists' in condition) return this.exists(condition);
    if ('not' in condition) {
      const inner = this.where(condition.not);
      // That something exists is never NULL, and a planner can join by this form of the opposite.
      const isNull = !('exists' in condition.not) || condition.not.newer !== undefined;
      return isNull ? `(${inner}) is not true` : `not ${inner}`;
    }
    const isSet = this.isSet(condition.time);
    if ('isSet' in condition) return condition.isSet ? isSet : `(${isSet}) is not true`;
    return `(${this.column(condition.time)} < ${this.bind(isoOf(condition.before))} and ${isSet})`;
  }

  private isIn(name: string, given: readonly ColumnValue[]): string {
    const column = this.column(name);
    const values = given.filter((value) => value !== null);
    const either = given.length > values.length ? [`${column} is null`] : [];
    if (values.length > 0) {
      // An index helps with the first, and the second is to the letter.
      const equal = `${column} in (${values.map((value) => this.bind(value)).join(', ')})`;
      const same = `${column}::text collate "C" = any(${this.bind(values)}::text[])`;
      either.push(`(${equal} and (${same} or pg_typeof(${column})::text not in ${TEXT_TYPES}))`);
    }
    return `(${either.join(' or ') || 'false'})`;
  }

  private isSet(name: string): string {
    const time = this.column(name);
    const unset = this.table.times.get(name)?.unset ?? [];
    return unset.length === 0 ? `isfinite(${time})` : `(isfinite(${time}) and ${time} <> all(${this.bind(unset)}))`;
  }

  /**
   * The one row that a link leads up to is looked up for each row by itself. Nearly all jobs are finished, so a planner that
   * joins by the state expects nearly all unreleased allocations to be due, and reads the whole history of jobs instead.
   */
  private exists({ exists: link, where, newer }: Extract<Condition, { readonly exists: Link }>): string {
    const other = this.linked(link);
    const found = `from ${other.from} where ${other.on} and ${other.where(where)}`;
    if (newer !== undefined) {
      // So many come after a row that comes before the last of as many newest ones.
      const order = [newer.time, ...this.table.key];
      const letters = link.on.map(
        ([from, to]) => `and ${other.column(to)}::text = ${this.column(from)}::text collate "C"`,
      );
      const last = `and ${other.column(newer.time)} is not null order by ${other.columns(order, ' desc')} limit 1 offset ${newer.count - 1}`;
      return `((${this.columns(order)}) < (select ${other.columns(order)} ${found} ${letters.join(' ')} ${last}))`;
    }
    return link.kind === 'parent' ? `(select true ${found}) is true` : `exists (select ${found})`;
  }

  private exact(name: string): string {
    const column = this.column(name);
    // Its infinities are no instants.
    if (this.table.times.has(name))
      return `case when isfinite(${column}) then ${micros(column)}::text else ${column}::text end`;
    const characters = this.table.shown.get(name);
    return characters === undefined ? `${column}::text` : `left(${column}, ${characters + 1})`;
  }

  /** A value that was read, in the form of its column. */
  private bindExact(name: string, exact: Exact): string {
    const isInstant = this.table.times.has(name) && exact !== null && /^-?\d+$/.test(exact);
    return this.bind(isInstant ? isoOf(BigInt(exact)) : exact);
  }

  private bind(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}
