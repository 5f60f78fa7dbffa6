import { createConnection } from 'mysql2/promise';
import pg from 'pg';

/** What cases read; a time is for the server to say as text. */
type Value = string | number | boolean | null;

/** A connection of the plain driver. */
export interface Raw {
  /** Runs statements, with a semicolon between them. */
  run(sql: string): Promise<void>;
  /** The rows of one SELECT: the values of each with a space between them; NULL is `-`. */
  rows(select: string): Promise<string[]>;
  close(): Promise<void>;
}

export const connect = (url: string): Promise<Raw> =>
  url.startsWith('mysql:') ? connectMysql(url) : connectPostgres(url);

async function connectPostgres(url: string): Promise<Raw> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    run: async (sql) => {
      await client.query(sql);
    },
    rows: async (select) => (await client.query<Value[]>({ text: select, rowMode: 'array' })).rows.map(lineOf),
    close: () => client.end(),
  };
}

async function connectMysql(url: string): Promise<Raw> {
  const connection = await createConnection({ uri: url, multipleStatements: true, dateStrings: true });
  return {
    run: async (sql) => {
      await connection.query(sql);
    },
    rows: async (select) => {
      const [rows] = await connection.query({ sql: select, rowsAsArray: true });
      return (rows as Value[][]).map(lineOf);
    },
    close: () => connection.end(),
  };
}

const lineOf = (values: readonly Value[]): string =>
  values.map((value) => (value === null ? '-' : String(value))).join(' ');
