import { BSON, type Document } from 'mongodb';
import type { Columns, ColumnType, Row } from './rows.js';

type Value = Row[string];

const LARGEST_INT32 = 2 ** 31 - 1;

/** A row as MongoDB keeps it: its id under `_id`, times as dates, which have no microseconds. */
export function toDocument(columns: Columns, { id, ...row }: Row): Document & { readonly _id: number } {
  const fields = Object.entries(row).map(([name, value]) => [
    name,
    columns[name] === 'time' && value !== null ? new Date(Math.floor(Number(value) / 1000)) : value,
  ]);
  return { _id: Number(id), ...(Object.fromEntries(fields) as Document) };
}

/**
 * The row of a document whose values come in the server's own types. A value of a type that nobody gave it is told in
 * full, and so are fields that nobody made.
 */
export function rowOf<Kind extends Row>(columns: Columns, document: Document): Kind {
  const fields = Object.entries(document).map(([field, value]) => {
    const name = field === '_id' ? 'id' : field;
    return [name, toValue(columns[name], value)];
  });
  const row = Object.fromEntries(fields) as Record<string, Value>;
  for (const [name, type] of Object.entries(columns)) {
    if (type === 'id' && typeof row[name] !== 'number') throw new Error(`${name} is no number: ${row[name]}`);
  }
  return row as Kind;
}

function toValue(type: ColumnType | undefined, value: unknown): Value {
  if (value === null) return null;
  if (type === 'text' && typeof value === 'string') return value;
  if (type === 'time' && value instanceof Date) return value.getTime() * 1000;
  if (type !== 'text' && type !== 'time') {
    // Whole numbers are as short as they can be.
    if (value instanceof BSON.Int32) return value.value;
    if (type === 'id' && value instanceof BSON.Double && value.value > LARGEST_INT32) return value.value;
  }
  return BSON.EJSON.stringify(value, { relaxed: false });
}
