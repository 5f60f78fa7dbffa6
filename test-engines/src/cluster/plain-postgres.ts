import pg from 'pg';
import type { Plain } from './plain.js';

const TYPES = {
  number: 'bigint',
  bigint: 'bigint',
  uuid: 'uuid',
  text: 'text',
  caseless: 'text collate caseless',
  boolean: 'boolean',
  instant: 'timestamptz',
  utcDateTime: 'timestamp',
  epochSeconds: 'bigint',
  epochMillis: 'bigint',
  isoText: 'varchar(40)',
} as const;

export async function connectPostgres(url: string): Promise<Plain> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query("set timezone to 'UTC'");
  const run = (statement: string, values: readonly unknown[] = []) => {
    let count = 0;
    // A question mark in a name is none for a value.
    const text = statement.replaceAll(/"[^"]*"|\?/g, (found) => (found === '?' ? `$${++count}` : found));
    return client.query<Record<string, string | null>>(text, [...values]);
  };
  const query: Plain['query'] = async (statement, values) => (await run(statement, values)).rows;
  return {
    query,
    change: async (statement, values) => (await run(statement, values)).rowCount ?? 0,
    quoted: (word) => `"${word.replaceAll('"', '""')}"`,
    likeTable: (quoted) => `(like ${quoted} including indexes)`,
    timeText: (column) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    timeValue: (iso) => iso,
    now: 'clock_timestamp()',
    isConflict: (error) => ['40001', '40P01'].includes((error as { code?: string }).code ?? ''),
    types: TYPES,
    forCaseless: "create collation caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    isRefusal: (error) => (error as { code?: string }).code === '23503',
    isWaiting: async (id) => {
      const waiting = "select 1 from pg_stat_activity where pid = ? and wait_event_type = 'Lock'";
      return (await query(waiting, [id])).length > 0;
    },
    id: async () => (await query('select pg_backend_pid()::text as id'))[0]?.id ?? '',
    close: () => client.end(),
  };
}
