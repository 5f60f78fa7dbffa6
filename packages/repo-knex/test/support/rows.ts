import type pg from 'pg';

/** A row to seed: the columns named here are set, all others are NULL. */
export type SeedRow = Readonly<Record<string, unknown>>;

/** A job as the default tables hold it: RUNNING, with every column that no operation may touch filled in. */
export const job = (id: number | string, row: SeedRow = {}): SeedRow => ({
  id,
  name: `job-${id}`,
  state: 'RUNNING',
  owner: 'alice',
  ...row,
});

/** An allocation as the default tables hold it: ALLOCATED. */
export const allocation = (id: number | string, jobId: number | string, row: SeedRow = {}): SeedRow => ({
  id,
  job_id: jobId,
  status: 'ALLOCATED',
  node: 'n1',
  ...row,
});

/** Inserts rows with the plain driver. */
export async function insert(sql: pg.Client, table: string, rows: readonly SeedRow[]): Promise<void> {
  const query = `insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`;
  await sql.query(query, [JSON.stringify(rows)]);
}

export async function seed(
  sql: pg.Client,
  rows: { readonly jobs?: readonly SeedRow[]; readonly allocations?: readonly SeedRow[] },
): Promise<void> {
  await insert(sql, 'jobs', rows.jobs ?? []);
  await insert(sql, 'resource_allocations', rows.allocations ?? []);
}

/** All columns of a row as exact text, times as ISO 8601. */
type Row = Record<string, string | null>;

/** Tables as they are named in SQL, each with its id column. */
type IdColumns = Readonly<Record<string, string>>;

const DEFAULT_TABLES: IdColumns = { jobs: 'id', resource_allocations: 'id' };

/** Every row as the database holds it, under `table/id`. */
async function everyRow(sql: pg.Client, tables: IdColumns): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  for (const [table, id] of Object.entries(tables)) {
    const columns = 'select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t))';
    const found = await sql.query<{ id: string; row: Row }>(
      `select t.${id}::text as id, (${columns}) as row from ${table} t`,
    );
    for (const row of found.rows) rows.set(`${table}/${row.id}`, row.row);
  }
  return rows;
}

/** What `work` changed, by comparing every row whole: the columns that differ, or `deleted`, or the row that is new. */
export async function changesOf(
  sql: pg.Client,
  work: () => Promise<unknown>,
  tables: IdColumns = DEFAULT_TABLES,
): Promise<Record<string, Row | 'deleted'>> {
  const before = await everyRow(sql, tables);
  await work();
  const after = await everyRow(sql, tables);
  const changes: Record<string, Row | 'deleted'> = {};
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    if (is === undefined) changes[key] = 'deleted';
    else {
      const columns = Object.entries(is).filter(([column, value]) => was === undefined || was[column] !== value);
      if (columns.length > 0) changes[key] = Object.fromEntries(columns);
    }
  }
  return changes;
}

export const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);
