import { connectPlain } from '@jobsweep/test-engines';
import { type Act, BATCH_ROWS, type Worker } from '../contender.js';
import { FINISHED, STALE_ERROR, STUCK_ERROR, UNRELEASED } from '../hand/words.js';

/** What is due of a table, and the statements that repair some of its rows. */
interface Repair {
  readonly table: string;
  readonly due: string;
  readonly statements: (where: string) => readonly string[];
}

/** Words that PostgreSQL, MySQL and MariaDB share. */
function repairs(now: string): Record<Act, Repair> {
  const released = `update resource_allocations set status = 'RELEASED', released_time = ${now}`;
  const failed = (message: string, code: string) =>
    `update jobs set state = 'FAILED', end_time = ${now}, error_msg = '${message}', exit_code = '${code}'`;
  return {
    purge: {
      table: 'jobs',
      due: `state in ${FINISHED} and end_time < ${now} - interval '30' day`,
      statements: (where) => [
        `delete from resource_allocations where job_id in (select id from jobs where ${where})`,
        `delete from jobs where ${where}`,
      ],
    },
    release: {
      table: 'resource_allocations',
      due: `status in ${UNRELEASED} and job_id in (select id from jobs where state in ${FINISHED})`,
      statements: (where) => [`${released} where ${where}`],
    },
    stale: {
      table: 'resource_allocations',
      due: `status = 'RESERVED' and allocation_time < ${now} - interval '10' minute`,
      statements: (where) => [
        `${failed(STALE_ERROR, '-3:0')} where state = 'RUNNING' and id in (select job_id from resource_allocations where ${where})`,
        `${released} where ${where}`,
      ],
    },
    fail: {
      table: 'jobs',
      due: `state = 'RUNNING' and start_time < ${now} - interval '48' hour`,
      statements: (where) => [
        `${released} where status in ${UNRELEASED} and job_id in (select id from jobs where ${where})`,
        `${failed(STUCK_ERROR, '-2:0')} where ${where}`,
      ],
    },
  };
}

/** Everything at once: no bound on rows, time or log, and what workers change meanwhile waits, or is lost. */
export const singleStatement = (url: string): Promise<Worker> =>
  worker(url, async ({ due, statements }, { change }) => {
    let changed = 0;
    for (const statement of statements(due)) changed = await change(statement);
    return changed;
  });

/** Batches by id, which nothing protects against what workers change between the two statements. */
export const unguardedLoop = (url: string): Promise<Worker> =>
  worker(url, async ({ table, due, statements }, { ids, change }) => {
    for (let changed = 0; ; ) {
      const page = await ids(`select id from ${table} where ${due} order by id limit ${BATCH_ROWS}`);
      if (page.length === 0) return changed;
      for (const statement of statements(`id in (${page.join(', ')})`)) await change(statement);
      changed += page.length;
    }
  });

interface Sql {
  readonly ids: (statement: string) => Promise<string[]>;
  readonly change: (statement: string) => Promise<number>;
}

async function worker(url: string, work: (repair: Repair, sql: Sql) => Promise<number>): Promise<Worker> {
  const plain = await connectPlain(url);
  const all = repairs(plain.now);
  const sql: Sql = {
    ids: async (statement) => (await plain.query(statement)).map(({ id }) => String(id)),
    change: (statement) => plain.change(statement),
  };
  return {
    drain: (act) => work(all[act], sql),
    close: () => plain.close(),
  };
}
