import { keysOf, type Step, sameRows } from '../steps.js';
import { FINISHED, UNRELEASED } from '../words.js';
import { released, type Sql, some } from './sql.js';

export const release =
  (sql: Sql): Step =>
  async (after, limit) => {
    const { rows } = sql;
    const page = await rows(
      `select a.id, a.job_id, a.status, a.allocation_time, j.start_time
       from resource_allocations a straight_join jobs j on j.id = a.job_id
       where a.status in ${UNRELEASED} and j.state in ${FINISHED} ${after === undefined ? '' : 'and a.id > ?'}
       order by a.id limit ${limit}`,
      ...(after === undefined ? [] : [after[0]]),
    );
    const jobs = await rows(
      `select id, start_time from jobs where id in (?) and state in ${FINISHED} order by id for update skip locked`,
      some([...new Set(page.map(([, job]) => job))]),
    );
    const starts = new Map(jobs.map(([id, start]) => [id, start]));
    const finished = page.filter(([, job, , , start]) => starts.get(job) === start);
    const locked = await rows(
      `select id, job_id, status, allocation_time from resource_allocations
       where id in (?) and status in ${UNRELEASED} order by id for update skip locked`,
      some(keysOf(finished)),
    );
    const found = finished.map((row) => row.slice(0, 4));
    return { changed: await released(sql, keysOf(sameRows(found, locked))), page };
  };
