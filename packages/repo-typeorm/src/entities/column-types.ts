import type { TimeCodec } from '@jobsweep/core';
import type { DataSource, EntityMetadata } from 'typeorm';

export type ColumnMetadata = EntityMetadata['columns'][number];

/** Types by the names that TypeORM's drivers give them: `timestamp` alone is MySQL's, PostgreSQL's names its zone. */
const CODECS: ReadonlyMap<string, TimeCodec> = new Map([
  ['timestamp with time zone', 'instant'],
  ['timestamp', 'instant'],
  ['timestamp without time zone', 'utcDateTime'],
  ['datetime', 'utcDateTime'],
]);
const NUMBERS = ['integer', 'int', 'bigint', 'numeric', 'decimal'];
const TEXTS = [
  'character varying',
  'varchar',
  'character',
  'char',
  'text',
  'citext',
  'tinytext',
  'mediumtext',
  'longtext',
];

/** The type of a column as its driver calls it. */
export function typeOf({ driver }: DataSource, column: ColumnMetadata): string {
  // To a driver they are text, but of a form that only TypeORM writes.
  if (column.type === 'simple-json' || column.type === 'simple-array') return column.type;
  return `${driver.normalizeType(column)}${column.isArray ? '[]' : ''}`;
}

/** How times are kept in a column of this type; `undefined` where the type does not say. */
export const codecOf = (type: string): TimeCodec | undefined => CODECS.get(type);

/** Whether a column of this type may hold epochs, of which only its owner knows the unit. */
export const isNumber = (type: string): boolean => NUMBERS.includes(type);

export const isText = (type: string): boolean => TEXTS.includes(type);

export const isBinary = (type: string): boolean => /^(bytea|binary|varbinary|\w*blob)$/.test(type);
