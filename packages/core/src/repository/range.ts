import { isIn } from '../driver/condition.js';
import type { Query, Tx } from '../driver/driver.js';
import { type Exact, exactAt, type Key, microsOf } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import { invalidOption } from '../errors.js';
import type { Place } from '../model.js';
import type { Context } from '../protocol/context.js';
import type { GetOptions } from '../repository.js';
import type { Way } from '../rules/first-set.js';
import { inColumn, type NotedTime } from '../rules/shown-rows.js';
import type { TimeColumn } from '../schema/time-column.js';

/** What reading pages takes of a transaction. */
export type PagedTx = Pick<Tx, 'now' | 'page'>;

/** The times that rows are in the order of, by their names in versions. A heartbeat is in nothing else. */
export type TimeName = 'startTime' | NotedTime;
type Ordered = Place & { readonly [Name in TimeName]?: Date | null };

/** Between which rows the pages are, in an order by a time and the key, or by the key alone. */
export async function rangeOf(
  tx: PagedTx,
  context: Context,
  table: Table,
  { after, upTo }: Pick<GetOptions<Ordered>, 'after' | 'upTo'>,
  time?: { readonly name: TimeName; readonly column: TimeColumn | undefined },
): Promise<Pick<Query, 'after' | 'upTo'>> {
  const placeOf = async (field: 'after' | 'upTo', row: Ordered | undefined): Promise<Query['after']> => {
    if (row === undefined) return undefined;
    const key = await keyOf(tx, context, table, field, row);
    return time === undefined ? { key } : { time: timeIn(field, row, time.name, time.column), key };
  };
  return { after: await placeOf('after', after), upTo: await placeOf('upTo', upTo) };
}

/** The way that a row is found in, by the column that its version names: its place among some ways. */
export function wayOf(field: 'after' | 'upTo', row: Place, ways: readonly Way[], name: TimeName): number {
  if (ways.length < 2) return 0;
  const column = row.version?.[inColumn(name)];
  const found = ways.findIndex(({ time }) => time.column === column);
  if (found !== -1) return found;
  throw invalidOption(field, `row ${row.id}`, `give it as it was read: the column of its ${name} is in its version`);
}

function timeIn(field: string, row: Ordered, name: TimeName, column: TimeColumn | undefined): Exact {
  const [exact, date] = [row.version?.[name], row[name]];
  if (exact !== undefined) return exact;
  if (date === undefined)
    throw invalidOption(field, `row ${row.id}`, `give it as it was read: its ${name} is in its version`);
  return date === null || column === undefined ? null : exactAt(microsOf(date), column);
}

/** The key of such a row. Of those that a row made by hand may have, it is one that there is. */
async function keyOf(tx: PagedTx, { values }: Context, table: Table, field: string, place: Place): Promise<Key> {
  const { id, version } = place;
  const [key, ...others] = values.keysOf(table, id, version?.id);
  if (key === undefined)
    throw invalidOption(field, `row ${id}`, 'give a row with an id of the kind that the table has');
  if (others.length === 0) return key;
  const [row] = await tx.page({ table, where: isIn(table.key[0] ?? '', [id]), columns: [], limit: 1 });
  return row?.key ?? key;
}
