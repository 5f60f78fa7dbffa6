import type { Tables, Value } from '../cluster.js';

type Row = Readonly<Record<string, Value>>;

/** Every row under `table/id`. */
function byKey(tables: Tables): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const row of tables.jobs) rows.set(`jobs/${row.id}`, { ...row });
  for (const row of tables.allocations) rows.set(`allocations/${row.id}`, { ...row });
  return rows;
}

/** What `work` changed, by comparing every row whole: the columns that differ, or `deleted`, or the row that is new. */
export async function changesOf(
  cluster: { read(): Promise<Tables> },
  work: () => Promise<unknown>,
): Promise<Record<string, Row | 'deleted'>> {
  const before = byKey(await cluster.read());
  await work();
  const after = byKey(await cluster.read());
  const changes: Record<string, Row | 'deleted'> = {};
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    if (is === undefined) changes[key] = 'deleted';
    else {
      const columns = Object.entries(is).filter(([column, value]) => was?.[column] !== value);
      if (columns.length > 0) changes[key] = Object.fromEntries(columns);
    }
  }
  return changes;
}
