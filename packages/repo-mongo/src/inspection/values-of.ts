import type { StateColumn, StateCount } from '@jobsweep/core';
import { Stages } from '../driver/stages.js';
import type { Collections } from '../mapping/collections.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText } from '../values/bson.js';

/** The values of a state field, the most frequent first. */
export async function valuesOf(
  session: OpenSession,
  collections: Collections,
  { table, column, where, newest, limit }: StateColumn,
): Promise<StateCount[]> {
  const order = Object.fromEntries(table.key.map((key) => [key, -1]));
  const pipeline = [
    ...(newest === undefined ? [] : [{ $sort: order }, { $limit: newest }]),
    ...new Stages(collections, table, where).match(),
    // To the server a decimal is the same as the integer of its value; to a mapping it is not.
    {
      $group: {
        _id: { value: `$${column}`, isDecimal: { $eq: [{ $type: `$${column}` }, 'decimal'] } },
        rows: { $sum: 1 },
      },
    },
    { $sort: { rows: -1, _id: 1 } },
    { $limit: limit },
  ];
  const groups = await session.rows<{ readonly _id: { readonly value?: unknown }; readonly rows: number }>(
    collections.of(table).collection,
    pipeline,
  );
  return groups.map(({ _id, rows }) => ({ value: exactText(collections.bson, _id.value), rows }));
}
