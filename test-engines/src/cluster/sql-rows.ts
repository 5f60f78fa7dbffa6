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
        const constraint = column === 'id' ? ' primary key' : '';
        return `${this.sql.quoted(name)} ${this.sql.types[type === 'objectId' ? 'text' : type]}${constraint}`;
      });
      if (isReferenced && table === allocations && jobs !== undefined) {
        const reference = `${this.sql.quoted(jobs.name)} (${this.name(jobs, 'id')})`;
        columns.push(`foreign key (${this.name(table, 'jobId')}) references ${reference}`);
      }
      await this.sql.query(`create table ${this.sql.quoted(table.name)} (${columns.join(', ')})`);
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
    const of = `${this.sql.quoted(table.name)} where ${this.name(table, 'id')} = ?`;
    return (await this.sql.query(`select 1 from ${of} for update`, [id])).length > 0;
  }

  /** All rows or, with a job's id, the job and its allocations. */
  async read(jobId?: string): Promise<Tables> {
    const jobs = await this.readTable(this.tables.jobs, jobId === undefined ? undefined : ['id', jobId]);
    const allocations = await this.readTable(
      this.tables.allocations,
      jobId === undefined ? undefined : ['jobId', jobId],
    );
    return { jobs, allocations } as unknown as Tables;
  }

  private async readTable(
    table: LayoutTable | undefined,
    where: readonly ['id' | 'jobId', string] | undefined,
  ): Promise<Record<string, Value>[]> {
    if (table === undefined) return [];
    const selected = table.columns.map((column, index) => `${this.textOf(column)} as c${index}`);
    const condition = where === undefined ? '' : `where ${this.name(table, where[0])} = ?`;
    const statement = `select ${selected.join(', ')} from ${this.sql.quoted(table.name)} ${condition} order by ${this.name(table, 'id')}`;
    const rows = await this.sql.query(statement, where === undefined ? [] : [where[1]]);
    return rows.map((row) =>
      Object.fromEntries(
        table.columns.map((column, index) => [column.column, fromRaw(column, row[`c${index}`] ?? null)]),
      ),
    );
  }

  private textOf({ name, type }: LayoutColumn): string {
    const quoted = this.sql.quoted(name);
    if (type === 'text' || type === 'caseless') return quoted;
    if (type === 'instant' || type === 'utcDateTime') return this.sql.timeText(quoted);
    return `trim(cast(${quoted} as char(200)))`;
  }

  private name(table: LayoutTable, column: 'id' | 'jobId'): string {
    return this.sql.quoted(table.columns.find((each) => each.column === column)?.name ?? column);
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
