import pg from 'pg';
import type { Plain } from './plain.js';

export async function connectPostgres(url: string): Promise<Plain> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query("set timezone to 'UTC'");
  const query: Plain['query'] = async (statement, values = []) => {
    let count = 0;
    const text = statement.replaceAll('?', () => `$${++count}`);
    return (await client.query<Record<string, string | null>>(text, [...values])).rows;
  };
  return {
    query,
    timeText: (column) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    timeValue: (iso) => iso,
    now: 'clock_timestamp()',
    isRefusal: (error) => (error as { code?: string }).code === '23503',
    isWaiting: async (id) => {
      const waiting = "select 1 from pg_stat_activity where pid = ? and wait_event_type = 'Lock'";
      return (await query(waiting, [id])).length > 0;
    },
    id: async () => (await query('select pg_backend_pid()::text as id'))[0]?.id ?? '',
    close: () => client.end(),
  };
}
