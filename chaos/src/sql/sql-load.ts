import { connectPlain, type Plain } from '@jobsweep/test-engines';
import { type Load, startLoad, type Write, writesFor } from '../load.js';
import { boundValue, TABLES } from './rows.js';

export function sqlLoad(url: string, workers: number): Load {
  return startLoad(workers, async () => {
    const sql = await connectPlain(url);
    return { act: (jobId) => act(sql, jobId), close: () => sql.close() };
  });
}

async function act(sql: Plain, jobId: string): Promise<void> {
  await sql.query('begin');
  const [job] = await sql.query('select state from jobs where id = ? for update', [jobId]);
  for (const write of writesFor(jobId, job?.state)) await put(sql, write);
  await sql.query('commit');
}

async function put(sql: Plain, { table, id, isNew, set }: Write): Promise<void> {
  const columns = Object.keys(set);
  const values = columns.map((name) => boundValue(sql, name, set[name] ?? null));
  const statement = isNew
    ? `insert into ${TABLES[table]} (${columns.join(', ')}, id) values (${columns.map(() => '?').join(', ')}, ?)`
    : `update ${TABLES[table]} set ${columns.map((name) => `${name} = ?`).join(', ')} where id = ?`;
  await sql.query(statement, [...values, id]);
}
