import type { Change, Columns, Insertion, TableName, Tables, Value } from '@jobsweep/contract';
import { fromRaw, type LayoutColumn, type LayoutTable, type LayoutTables, toRaw } from './columns.js';
import type { Plain } from './plain.js';

/** Rows of one INSERT. */
const INSERT_ROWS = 1000;

/** The rows of a layout's tables, in the words of the port, over one connection. */
export class SqlRows {
  constructor(
    private readonly sql: Plain,
    private readonly tables: LayoutTables,
  ) {}

  /** @param isReferenced whether a foreign key ties allocations to jobs. */
  async create(isReferenced: boolean): Promise<void> {
    const { jobs, allocations } = this.tables;
    const { forCaseless } = this.sql;
    if (forCaseless !== undefined && jobs?.columns.some(({ type }) => type === 'caseless'))
      await this.sql.query(forCaseless);
    for (const table of [jobs, allocations]) {
      if (table === undefined) continue;
      const columns = table.columns.map(({ column, name, type }) => {
        const constraint = column === 'id' ? ' not null' : '';
        return `${this.sql.quoted(name)} ${this.sql.types[type === 'objectId' ? 'text' : type]}${constraint}`;
      });
      columns.push(`primary key (${this.names(table, 'id')})`);
      if (isReferenced && table === allocations && jobs !== undefined) {
        const reference = `${this.sql.quoted(jobs.name)} (${this.names(jobs, 'id')})`;
        columns.push(`foreign key (${this.names(table, 'jobId')}) references ${reference}`);
      }
      await this.sql.query(`create table ${this.sql.quoted(table.name)} (${columns.join(', ')})`);
    }
  }

  /** Makes tables of the shape that others really have. */
  async createLike(others: LayoutTables): Promise<void> {
    for (const name of ['jobs', 'allocations'] as const) {
      const [table, other] = [this.tables[name], others[name]];
      if (table === undefined || other === undefined) continue;
      const [made, like] = [this.sql.quoted(table.name), this.sql.quoted(other.name)];
      await this.sql.query(`create table ${made} ${this.sql.likeTable(like)}`);
    }
  }

  async clear(): Promise<void> {
    const { jobs, allocations } = this.tables;
    for (const table of [allocations, jobs]) {
      if (table !== undefined) await this.sql.query(`delete from ${this.sql.quoted(table.name)}`);
    }
  }

  async insert(name: TableName, rows: readonly Columns[]): Promise<number> {
    const table = this.table(name);
    const given = new Set(rows.flatMap((row) => Object.keys(row)));
    const columns = table.columns.filter(({ column }) => given.has(column));
    const names = columns.map((column) => this.sql.quoted(column.name)).join(', ');
    for (let start = 0; start < rows.length; start += INSERT_ROWS) {
      const values: unknown[] = [];
      const lists = rows.slice(start, start + INSERT_ROWS).map((row) => {
        const marks = columns.map((column) => this.standIn(column, row[column.column] ?? null, values));
        return `(${marks.join(', ')})`;
      });
      await this.sql.query(`insert into ${this.sql.quoted(table.name)} (${names}) values ${lists.join(', ')}`, values);
    }
    return rows.length;
  }

  change({ table: name, where, unless = {}, set }: Change): Promise<number> {
    const table = this.table(name);
    const values: unknown[] = [];
    const each = (columns: Columns, write: (column: LayoutColumn, value: Value) => string) =>
      table.columns.flatMap((column) => {
        const value = columns[column.column];
        return value === undefined ? [] : [write(column, value)];
      });
    const equals = (no: string) => (column: LayoutColumn, value: Value) =>
      value === null
        ? `${this.sql.quoted(column.name)} is ${no} null`
        : `${no} ${this.sql.quoted(column.name)} = ${this.standIn(column, value, values)}`;
    const assign = (column: LayoutColumn, value: Value) =>
      `${this.sql.quoted(column.name)} = ${this.standIn(column, value, values)}`;
    const target = this.sql.quoted(table.name);
    const head = set === 'delete' ? `delete from ${target}` : `update ${target} set ${each(set, assign).join(', ')}`;
    const conditions = [...each(where, equals('')), ...each(unless, equals('not'))];
    return this.sql.change(`${head} where ${conditions.join(' and ')}`, values);
  }

  act(action: Change | Insertion): Promise<number> {
    return 'insert' in action ? this.insert(action.table, [action.insert]) : this.change(action);
  }

  async lock(name: TableName, id: string): Promise<boolean> {
    const table = this.table(name);
    const values: unknown[] = [];
    const of = `${this.sql.quoted(table.name)} where ${this.isAt(table, 'id', id, values)}`;
    return (await this.sql.query(`select 1 from ${of} for update`, values)).length > 0;
  }

  /** All rows or, with ids of jobs, these jobs and their allocations. */
  async read(jobIds?: readonly string[]): Promise<Tables> {
    const { jobs, allocations } = this.tables;
    return {
      jobs: await this.readTable(jobs, 'id', jobIds),
      allocations: await this.readTable(allocations, 'jobId', jobIds),
    } as unknown as Tables;
  }

  private async readTable(
    table: LayoutTable | undefined,
    column: 'id' | 'jobId',
    ids: readonly string[] | undefined,
  ): Promise<Record<string, Value>[]> {
    if (table === undefined) return [];
    const selected = table.columns.map((column, index) => `${this.textOf(column)} as c${index}`);
    const values: unknown[] = [];
    const isAtAny = ids?.map((id) => `(${this.isAt(table, column, id, values)})`).join(' or ');
    const condition = isAtAny === undefined ? '' : `where ${isAtAny}`;
    const statement = `select ${selected.join(', ')} from ${this.sql.quoted(table.name)} ${condition} order by ${this.names(table, 'id')}`;
    const rows = await this.sql.query(statement, values);
    return rows.map((row) => {
      const values = table.columns.map((column, index) => fromRaw(column, row[`c${index}`] ?? null));
      const idIn = (word: string) => JSON.stringify(values.filter((_, index) => table.columns[index]?.column === word));
      return Object.fromEntries(
        table.columns.map(({ column, part }, index) => [
          column,
          part === undefined ? (values[index] ?? null) : idIn(column),
        ]),
      );
    });
  }

  private textOf({ name, type }: LayoutColumn): string {
    const quoted = this.sql.quoted(name);
    if (type === 'text' || type === 'caseless') return quoted;
    if (type === 'instant' || type === 'utcDateTime') return this.sql.timeText(quoted);
    return `trim(cast(${quoted} as char(200)))`;
  }

  /** That a row has an id; what stands for it goes to the end of `values`. */
  private isAt(table: LayoutTable, column: 'id' | 'jobId', id: string, values: unknown[]): string {
    const columns = table.columns.filter((each) => each.column === column);
    return columns.map((each) => `${this.sql.quoted(each.name)} = ${this.standIn(each, id, values)}`).join(' and ');
  }

  /** The columns of a key. */
  private names(table: LayoutTable, column: 'id' | 'jobId'): string {
    const columns = table.columns.filter((each) => each.column === column);
    return columns.map(({ name }) => this.sql.quoted(name)).join(', ');
  }

  private table(name: TableName): LayoutTable {
    const table = this.tables[name];
    if (table === undefined) throw new Error(`The layout has no ${name}`);
    return table;
  }

  /** What stands for a value in a statement; the value itself goes to the end of `values`. */
  private standIn(column: LayoutColumn, value: Value, values: unknown[]): string {
    const isDate = column.type === 'instant' || column.type === 'utcDateTime';
    if (isDate && value === 'now') return this.sql.now;
    if (column.type === 'boolean') values.push(value === null ? null : value === 'true');
    else values.push(isDate && value !== null ? this.sql.timeValue(value) : toRaw(column, value));
    return '?';
  }
}
