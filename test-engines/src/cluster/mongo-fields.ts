import type { Change, Columns } from '@jobsweep/contract';
import type { Document } from 'mongodb';
import type { LayoutColumn, LayoutTable } from './columns.js';
import { toBson } from './mongo-values.js';

/** Columns as fields; `now` is the time given. */
export function fieldsOf(table: LayoutTable, columns: Columns, now?: string): Document {
  const fields: Document = {};
  for (const column of table.columns) {
    const value = columns[column.column];
    if (value === undefined) continue;
    const isNow = value === 'now' && now !== undefined && isTime(column);
    fields[column.name] = toBson(column, isNow ? now : value);
  }
  return fields;
}

/** The documents that a change is for. */
export function filterOf(table: LayoutTable, { where, unless = {} }: Change): Document {
  const exceptions = Object.entries(fieldsOf(table, unless)).map(([name, value]: [string, unknown]) => ({
    [name]: value,
  }));
  return { ...fieldsOf(table, where), ...(exceptions.length > 0 && { $nor: exceptions }) };
}

const isTime = ({ type }: LayoutColumn): boolean =>
  ['instant', 'utcDateTime', 'epochSeconds', 'epochMillis'].includes(type);

export function columnOf(table: LayoutTable, column: 'id' | 'jobId'): LayoutColumn {
  const found = table.columns.find((each) => each.column === column);
  if (found === undefined) throw new Error(`${table.name} has no ${column}`);
  return found;
}

export const nameOf = (table: LayoutTable, column: 'id' | 'jobId'): string => columnOf(table, column).name;
