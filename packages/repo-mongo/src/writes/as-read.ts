import { all, type Condition } from '../reads/conditions.js';
import type { Bson } from '../values/bson.js';

/** How rows are named in a filter, and what is asked of each where no transaction keeps it as it was read. */
export interface AsRead<Row> {
  readonly idField: string;
  readonly idOf: (row: Row) => unknown;
  readonly asRead: (row: Row) => Condition;
}

/** Filters for rows that are still as they were read, one for all rows that were read alike. */
export function eachAsRead<Row>(bson: Bson, rows: readonly Row[], { idField, idOf, asRead }: AsRead<Row>): Condition[] {
  const groups = new Map<string, { readonly condition: Condition; readonly ids: unknown[] }>();
  for (const row of rows) {
    const condition = asRead(row);
    const key = bson.EJSON.stringify(condition, { relaxed: false });
    const group = groups.get(key) ?? { condition, ids: [] };
    group.ids.push(idOf(row));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ condition, ids }) => all({ [idField]: { $in: ids } }, condition));
}

/** Whether a field has exactly this raw value, null where it is missing. */
export function isExactly(path: string, raw: unknown): Condition {
  return { [path]: { $eq: raw ?? null } };
}
