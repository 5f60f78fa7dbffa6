import { keysOf, type Step, sameRows } from '../steps.js';
import { STALE_ERROR } from '../words.js';
import { failed, released, type Sql, some } from './sql.js';

const STALE = 'utc_timestamp(6) - interval 10 minute';

/** What shows that a job lives, of another allocation of it. */
const ALIVE = `(s.status = 'ALLOCATED'
  or s.status = 'RESERVED' and (s.allocation_time >= ${STALE} or s.allocation_time is null))`;

export const stale =
  (sql: Sql): Step =>
  async (after, limit) => {
    const { rows } = sql;
    const page = await rows(
      `select a.id, a.job_id, a.status, a.allocation_time, j.start_time
       from resource_allocations a straight_join jobs j on j.id = a.job_id
       where a.status = 'RESERVED' and a.allocation_time < ${STALE} and j.state = 'RUNNING' and not exists (
           select 1 from resource_allocations s where s.job_id = a.job_id and ${ALIVE})
         ${after === undefined ? '' : 'and a.allocation_time >= ? and (a.allocation_time > ? or a.id > ?)'}
       order by a.allocation_time, a.id limit ${limit}`,
      ...(after === undefined ? [] : [after[3], after[3], after[0]]),
    );
    const jobs = await rows(
      "select id, start_time from jobs where id in (?) and state = 'RUNNING' order by id for update skip locked",
      some([...new Set(page.map(([, job]) => job))]),
    );
    const starts = new Map(jobs.map(([id, start]) => [id, start]));
    const running = page.filter(([, job, , , start]) => starts.get(job) === start);
    const locked = await rows(
      `select id, job_id, status, allocation_time from resource_allocations
       where id in (?) and status = 'RESERVED' order by id for update skip locked`,
      some(keysOf(running)),
    );
    const found = running.map((row) => row.slice(0, 4));
    const same = sameRows(found, locked);
    const siblings = await rows(
      `select s.job_id from resource_allocations s where s.job_id in (?) and ${ALIVE} group by s.job_id`,
      some(same.map(([, job]) => job)),
    );
    const alive = new Set(keysOf(siblings));
    const due = same.filter(([, job]) => !alive.has(job));
    await failed(sql, [...new Set(due.map(([, job]) => job))], STALE_ERROR, '-3:0');
    return { changed: await released(sql, keysOf(due)), page };
  };
