import { invalidOption, invalidSchema, type JobsweepError, type TimeColumnOption } from '@jobsweep/core';
import type { DataSource, EntityMetadata } from 'typeorm';
import { type ColumnMetadata, codecOf, isBinary, isNumber, isText, typeOf } from './column-types.js';
import type { Entity, NamedEntity } from './option.js';

/** Reads the mapping of one table out of its entity. Its errors name the option to set for what it cannot read. */
export class EntityTable<Word extends string> {
  readonly metadata: EntityMetadata;
  readonly entity: string;

  constructor(
    private readonly dataSource: DataSource,
    /** Its key in the options. */
    readonly key: 'jobs' | 'allocations',
    private readonly option: NamedEntity<Word>,
  ) {
    this.entity = nameOf(option.target);
    if (!dataSource.hasMetadata(option.target)) {
      throw invalidOption(`entities.${key}`, this.entity, "add it to the `entities` of the data source's options");
    }
    this.metadata = dataSource.getMetadata(option.target);
    const { tableType } = this.metadata;
    if (tableType === 'view' || tableType === 'entity-child') {
      const what = `${this.entity}, ${tableType === 'view' ? 'a view' : 'one of several entities in a table'}`;
      throw invalidOption(`entities.${key}`, what, 'name the entity that the whole table belongs to');
    }
  }

  /** The table as the database names it, with its schema (PostgreSQL) or database (MySQL). */
  get place(): { readonly table: string; readonly schema?: string } {
    const { tableName, schema, database } = this.metadata;
    const own = this.dataSource.options.type === 'postgres' ? schema : database;
    return { table: tableName, ...(own !== undefined && { schema: own }) };
  }

  /** The columns of a key, which are compared as text; what `find` gives where the property is just one part of it, too. */
  keyColumns(word: Word, find: () => readonly ColumnMetadata[]): readonly string[] {
    const named = this.find(word);
    const found = find();
    const isPart = this.option.properties?.[word] === undefined && named !== undefined && found.includes(named);
    const columns = named === undefined || isPart ? found : [named];
    if (columns.length === 0) this.missing(word);
    return columns.map((column) => {
      const type = this.typeOf(column);
      if (isBinary(type)) throw this.unfit(word, column, `is of type ${type}, which is no text`, 'another column');
      return column.databaseName;
    });
  }

  /** A column that is read as text, whatever its type. */
  label(word: Word): string {
    return (this.find(word) ?? this.missing(word)).databaseName;
  }

  /** A column that words are written to; `null` where its owner says that there is none. */
  text(word: Word): string | null {
    if (this.lacks(word)) return null;
    const column = this.find(word) ?? this.missing(word, ', or to null where there is none');
    const otherwise = `its name (${column.databaseName}) if it takes plain text, or to null to write nothing`;
    if (column.transformer !== undefined) throw this.unfit(word, column, 'has a transformer', otherwise);
    const type = this.typeOf(column);
    if (!isText(type)) throw this.unfit(word, column, `is of type ${type}`, otherwise);
    return column.databaseName;
  }

  /** Whether its owner says that there is no such column. */
  private lacks(word: Word): boolean {
    return this.option.properties?.[word] === null;
  }

  /** A time column. Its type says how it keeps times, except for numbers. */
  time(word: Word, given: TimeColumnOption | undefined): TimeColumnOption {
    if (given === undefined) return this.absolute(this.find(word) ?? this.missing(word), this.columnOption(word));
    const override = typeof given === 'string' ? { column: given } : { ...given };
    // What is wrong with it, or unknown to the entity, is for others to say.
    const column = override.codec === undefined ? this.columnNamed(override.column) : undefined;
    return column === undefined ? given : { ...override, ...this.absolute(column, this.columnOption(word)) };
  }

  /** The same; `null` where its owner says that there is none. */
  timeOrNull(word: Word, given: TimeColumnOption | null | undefined): TimeColumnOption | null {
    if (given === null || (given === undefined && this.lacks(word))) return null;
    return this.time(word, given);
  }

  /** A time column whose times mean the same to everybody. */
  private absolute(
    column: ColumnMetadata,
    option: string,
  ): { readonly column: string; readonly codec: TimeColumnCodec } {
    const timed = this.timed(column, option);
    if (timed.codec === 'utcDateTime' && this.isLocal(column)) throw this.localTime(column, option);
    return timed;
  }

  /** A time column with its codec. */
  timed(column: ColumnMetadata, option: string): { readonly column: string; readonly codec: TimeColumnCodec } {
    const type = this.typeOf(column);
    const codec = codecOf(type);
    if (codec !== undefined) return { column: column.databaseName, codec };
    const problem = `${this.entity}.${column.propertyPath} is of type ${type}, which`;
    if (!isNumber(type)) throw invalidSchema(`${problem} holds no time`, `Set ${option} to a column that does`);
    const epoch = `{ column: '${column.databaseName}', codec: 'epochSeconds' } or 'epochMillis'`;
    throw invalidSchema(`${problem} does not say what it counts`, `Set ${option} to ${epoch}`);
  }

  columnNamed(databaseName: string): ColumnMetadata | undefined {
    return this.metadata.columns.find((column) => column.databaseName === databaseName);
  }

  typeOf(column: ColumnMetadata): string {
    return typeOf(this.dataSource, column);
  }

  /** Whether a `Date` is written as the time of day in the zone of whoever writes it, which nobody can read elsewhere. */
  private isLocal({ transformer }: ColumnMetadata): boolean {
    const { options } = this.dataSource;
    if (transformer !== undefined) return false;
    return options.type === 'postgres' || (options as { readonly timezone?: unknown }).timezone !== 'Z';
  }

  private localTime(column: ColumnMetadata, option: string): JobsweepError {
    const { databaseName, propertyPath } = column;
    const problem =
      `${this.entity}.${propertyPath} is of type ${this.typeOf(column)}, where TypeORM writes a Date as the time of day in the zone ` +
      'of its process';
    const isPostgres = this.dataSource.options.type === 'postgres';
    const better = isPostgres ? "make it a 'timestamptz'" : "set timezone: 'Z' in the data source's options";
    const sure = `{ column: '${databaseName}', codec: 'utcDateTime' } if every writer keeps UTC in it`;
    return invalidSchema(problem, `Do one of these: ${better}, or set ${option} to ${sure}`);
  }

  private find(word: Word): ColumnMetadata | undefined {
    const property = this.option.properties?.[word];
    const column = property === null ? undefined : this.metadata.findColumnWithPropertyPath(property ?? word);
    if (column !== undefined && !column.isVirtualProperty) return column;
    if (property === undefined) return undefined;
    const fix = `name a property of ${this.entity} that is a column`;
    throw invalidOption(`entities.${this.key}.properties.${word}`, property, fix);
  }

  private missing(word: Word, orElse = ''): never {
    const fix = `Set entities.${this.key}.properties.${word} to the property that holds it${orElse}`;
    throw invalidSchema(`${this.entity} has no property ${word}`, fix);
  }

  private unfit(word: Word, column: ColumnMetadata, why: string, fix: string): JobsweepError {
    const problem = `${this.entity}.${column.propertyPath} ${why}`;
    return invalidSchema(problem, `Set ${this.columnOption(word)} to ${fix}`);
  }

  private columnOption(word: Word): string {
    return `schema.${this.key}.columns.${word}`;
  }
}

type TimeColumnCodec = NonNullable<ReturnType<typeof codecOf>>;

function nameOf(target: Entity): string {
  if (typeof target === 'string') return target;
  return 'options' in target ? target.options.name : target.name;
}
