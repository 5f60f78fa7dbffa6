import { createConnection } from 'mysql2/promise';
import pg from 'pg';

type Row = Record<string, unknown>;

/** A connection of the plain driver, which the code under test never sees. */
export interface Raw {
  /** Runs a statement with `?` for its values. */
  query(statement: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function connectRaw(url: string): Promise<Raw> {
  return url.startsWith('mysql:') ? connectMysql(url) : connectPostgres(url);
}

async function connectPostgres(url: string): Promise<Raw> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return {
    async query(statement, values = []) {
      let count = 0;
      const text = statement.replaceAll('?', () => `$${++count}`);
      return (await client.query<Row>(text, [...values])).rows;
    },
    close: () => client.end(),
  };
}

async function connectMysql(uri: string): Promise<Raw> {
  const connection = await createConnection({ uri });
  connection.on('error', () => undefined);
  await connection.query("set time_zone = '+00:00'");
  return {
    async query(statement, values = []) {
      const [rows] = await connection.query(statement, [...values]);
      return Array.isArray(rows) ? (rows as Row[]) : [];
    },
    close: () => connection.end(),
  };
}
