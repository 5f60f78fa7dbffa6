import { connectPlain } from '@jobsweep/test-engines';

const COLUMNS = {
  jobs: ['id', 'name', 'state', 'start_time', 'end_time', 'error_msg', 'exit_code'],
  resource_allocations: ['id', 'job_id', 'status', 'allocation_time', 'released_time'],
} as const;

/**
 * What is in both tables, as a text that is the same for the same rows.
 *
 * @param base times after it were written by the work, each time others, and count as one.
 */
export async function leftInTables(url: string, base: Date): Promise<string> {
  const sql = await connectPlain(url);
  const isMysql = url.startsWith('mysql:');
  const [text, sum] = isMysql
    ? [(column: string) => `cast(${column} as char)`, (row: string) => `sum(crc32(${row}))`]
    : [(column: string) => `${column}::text`, (row: string) => `sum(hashtextextended(${row}, 0))`];
  const then = isMysql ? `timestamp'${sql.timeValue(base.toISOString())}'` : `timestamptz '${base.toISOString()}'`;
  const cell = (column: string) => {
    const value = column.endsWith('_time')
      ? `case when ${column} > ${then} then 'now' else ${text(column)} end`
      : text(column);
    return `coalesce(${value}, '')`;
  };
  try {
    const parts: string[] = [];
    for (const [table, columns] of Object.entries(COLUMNS)) {
      const row = `concat_ws('|', ${columns.map(cell).join(', ')})`;
      const [found] = await sql.query(`select count(*) as n, ${sum(row)} as digest from ${table}`);
      parts.push(`${found?.n} ${table}: ${found?.digest}`);
    }
    return parts.join(', ');
  } finally {
    await sql.close();
  }
}
