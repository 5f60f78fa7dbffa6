import type { ColumnValues, FilterValue } from '@jobsweep/core';
import type { Mapping } from '../mapping/mapping.js';
import { rawIds } from '../values/ids.js';
import { all, type Condition, isAnyOf } from './conditions.js';

/**
 * What jobs have to pass before anything else is asked of them: they belong to the model, are in the scope, and are
 * not excluded.
 *
 * @param at what comes before the fields of a job: `job.` where a lookup has put it there.
 */
export function jobFilters({ bson, filters, jobs }: Mapping, at = ''): Condition {
  const { ids, names, columns } = filters.exclude;
  const has = ({ column, values }: ColumnValues) =>
    isAnyOf(
      `${at}${column}`,
      values.flatMap((value) => rawValues(value)),
    );
  // A text that looks like an ObjectId may be one: there is no other way to name it in a filter.
  const rawValues = (value: FilterValue): unknown[] =>
    typeof value === 'string' && /^[0-9a-f]{24}$/.test(value) ? [value, new bson.ObjectId(value)] : [value];

  const excluded = [
    ...(ids.length > 0
      ? [
          isAnyOf(
            `${at}${jobs.fields.id}`,
            ids.flatMap((id) => rawIds(bson, jobs.idType, { id })),
          ),
        ]
      : []),
    ...(names.length > 0 ? [isAnyOf(`${at}${jobs.fields.name}`, names)] : []),
    ...columns.map(has),
  ];
  const own = Object.fromEntries(
    Object.entries(jobs.conventions.own).map(([key, value]) => [`${at}${key}`, value as unknown]),
  );
  return all(own, ...filters.scope.map(has), excluded.length > 0 ? { $nor: excluded } : {});
}
