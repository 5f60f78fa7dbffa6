import type { Plain } from '@jobsweep/test-engines';
import type { Row, TableName, Tables } from '../rows.js';
import type { Words } from './words.js';

export const TABLES: Readonly<Record<TableName, string>> = { jobs: 'jobs', allocations: 'resource_allocations' };

const INSERT_ROWS = 500;

export async function insertRows(sql: Plain, table: TableName, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const marks = `(${columns.map(() => '?').join(', ')})`;
  for (let start = 0; start < rows.length; start += INSERT_ROWS) {
    const piece = rows.slice(start, start + INSERT_ROWS);
    const values = piece.flatMap((row) => columns.map((name) => boundValue(sql, name, row[name] ?? null)));
    const lists = piece.map(() => marks).join(', ');
    await sql.query(`insert into ${TABLES[table]} (${columns.join(', ')}) values ${lists}`, values);
  }
}

/** A value as the driver takes it. */
export const boundValue = (sql: Plain, column: string, value: string | null): string | null =>
  value !== null && isTime(column) ? sql.timeValue(value) : value;

/** @param suffix of the names of other tables of the same shape. */
export async function readTables(sql: Plain, words: Words, suffix = ''): Promise<Tables> {
  const read = async (table: TableName) => {
    const rows = await sql.query(
      `select ${words.json(table)} as was from ${TABLES[table]}${suffix} as ${TABLES[table]} order by id`,
    );
    return rows.map(({ was }) => fromJson(String(was)));
  };
  return { jobs: await read('jobs'), allocations: await read('allocations') };
}

/** A row from the JSON of the database, where numbers are numbers, and times of MySQL have neither T nor Z. */
export const fromJson = (text: string): Row =>
  Object.fromEntries(
    Object.entries(JSON.parse(text) as Record<string, string | number | null>).map(([name, value]) => {
      if (value === null) return [name, null];
      return [name, isTime(name) ? String(value).replace(/^(\S+) (\S+)$/, '$1T$2Z') : String(value)];
    }),
  );

const isTime = (column: string): boolean => column.endsWith('_time');
