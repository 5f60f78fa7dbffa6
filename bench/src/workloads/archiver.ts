import { connectPlain } from '@jobsweep/test-engines';
import { archive, hasArchiver } from '../beside/pt-archiver.js';
import type { Contender } from '../contender.js';
import { contentOf, LIVE_JOBS, MASS } from '../facts.js';
import { interleaved, milliseconds, type Take } from '../interleaved.js';
import { jobsweep } from '../jobsweep.js';
import type { Measure } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

const { act, due } = MASS.purge;

/** A purge of jobs alone, which is what pt-archiver can do, on MariaDB. */
export const archiver: Measure = async function* (stage) {
  if (stage.engine !== 'mariadb') return;
  if (!(await hasArchiver())) {
    console.error('archiver: there is no pt-archiver on the PATH (on Debian: apt-get install percona-toolkit)');
    return;
  }
  const { adapters, rows, rounds } = stage;
  const url = await stage.database();
  const contenders: Contender[] = [];
  try {
    const takes = new Map<string, Take>();
    for (const adapter of adapters) {
      const contender = await jobsweep(adapter, { url, hasLogs: false, isWithoutAllocations: true });
      contenders.push(contender);
      takes.set(adapter, () => timeOf(url, rows, () => contender.drain(act)));
    }
    takes.set('pt-archiver --bulk-delete', () => timeOf(url, rows, () => archive(url, ['--bulk-delete'])));
    takes.set('pt-archiver', () => timeOf(url, rows, () => archive(url, [])));
    yield { workload: 'archiver', rows, unit: 'µs/row, jobs alone', rounds: await interleaved(rounds, takes) };
  } finally {
    await Promise.all(contenders.map((contender) => contender.close()));
  }
};

/** Microseconds a row. Throws where jobs that are due stay, or others go. */
async function timeOf(url: string, rows: number, work: () => Promise<unknown>): Promise<number> {
  await tablesOf(url).make(contentOf(due, rows), new Date());
  const sql = await connectPlain(url);
  try {
    await sql.query('drop table resource_allocations');
    const ms = await milliseconds(work);
    const [left] = await sql.query('select count(*) as n, min(id) as first from jobs');
    if (Number(left?.n) !== rows + LIVE_JOBS || Number(left?.first) !== rows) {
      throw new Error(`${left?.n} jobs are left, from ${left?.first} on`);
    }
    return (ms * 1000) / rows;
  } finally {
    await sql.close();
  }
}
