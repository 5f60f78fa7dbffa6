import type { Knex } from 'knex';

const ON_POSTGRES = 'select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as "Value" from pg_stat_xact_user_tables';
const ON_MYSQL = "show session status like 'Handler_read%'";

interface Counted {
  readonly Value: string;
}

/** How many rows the server has read so far: on PostgreSQL for the transaction, elsewhere for its connection. */
export async function rowsRead(trx: Knex.Transaction): Promise<number> {
  if ((trx.client as Knex.Client).config.client === 'pg') {
    const { rows } = await trx.raw<{ readonly rows: readonly Counted[] }>(ON_POSTGRES);
    return sumOf(rows);
  }
  const [rows] = await trx.raw<readonly (readonly Counted[])[]>(ON_MYSQL);
  return sumOf(rows ?? []);
}

const sumOf = (rows: readonly Counted[]): number => rows.reduce((sum, { Value }) => sum + Number(Value), 0);
