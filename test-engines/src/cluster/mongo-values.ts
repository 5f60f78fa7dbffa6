import type { Value } from '@jobsweep/contract';
import { type Document, Long, ObjectId, UUID } from 'mongodb';
import { fromRaw, type LayoutColumn, toRaw } from './columns.js';

/** What an application keeps in a field for a value of the port. */
export function toBson(column: LayoutColumn, value: Value): unknown {
  if (value === null) return null;
  switch (column.type) {
    case 'number':
      return column.states === undefined ? Number(value) : toRaw(column, value);
    case 'bigint':
      return Long.fromString(value);
    case 'uuid':
      return new UUID(value);
    case 'objectId':
      return new ObjectId(value);
    case 'boolean':
      return value === 'true';
    case 'instant':
    case 'utcDateTime':
      return new Date(value);
    default:
      return toRaw(column, value);
  }
}

/** What the fields of these collections hold. */
type RawValue = string | number | boolean | Date | Long | ObjectId | UUID | null | undefined;

/** The value of the port in a column of a document. */
export function fromBson(column: LayoutColumn, document: Document): Value {
  const raw = document[column.name] as RawValue;
  if (raw === null || raw === undefined) return null;
  if (raw instanceof Date) return isoMicros(raw);
  return fromRaw(column, String(raw));
}

/** ISO 8601 in UTC with microseconds, of which a Date has only the thousands. */
export const isoMicros = (date: Date): string => date.toISOString().replace('Z', '000Z');
