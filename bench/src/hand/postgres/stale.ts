import { keysOf, type Step, sameRows } from '../steps.js';
import { STALE_ERROR } from '../words.js';
import { at, failed, type Rows, released, us } from './rows.js';

const STALE = "now() - interval '10 minutes'";

/** What shows that a job lives, of another allocation of it. */
const ALIVE = `(s.status = 'ALLOCATED'
  or s.status = 'RESERVED' and (s.allocation_time >= ${STALE} or s.allocation_time is null))`;

export const stale =
  (rows: Rows): Step =>
  async (after, limit) => {
    const page = await rows(
      `select a.id, a.job_id, a.status, ${us('a.allocation_time')}, ${us('j.start_time')}
       from resource_allocations a join jobs j on j.id = a.job_id
       where a.status = 'RESERVED' and a.allocation_time < ${STALE} and j.state = 'RUNNING' and not exists (
           select 1 from resource_allocations s where s.job_id = a.job_id and ${ALIVE})
         ${after === undefined ? '' : `and (a.allocation_time, a.id) > (${at('$1::bigint')}, $2::bigint)`}
       order by a.allocation_time, a.id limit ${limit}`,
      ...(after === undefined ? [] : [after[3], after[0]]),
    );
    const jobs = await rows(
      `select id, ${us('start_time')} from jobs where id = any($1::bigint[]) and state = 'RUNNING'
       order by id for update skip locked`,
      [...new Set(page.map(([, job]) => job))],
    );
    const starts = new Map(jobs.map(([id, start]) => [id, start]));
    const running = page.filter(([, job, , , start]) => starts.get(job) === start);
    const locked = await rows(
      `select id, job_id, status, ${us('allocation_time')} from resource_allocations
       where id = any($1::bigint[]) and status = 'RESERVED' order by id for update skip locked`,
      keysOf(running),
    );
    const found = running.map((row) => row.slice(0, 4));
    const same = sameRows(found, locked);
    const siblings = await rows(
      `select s.job_id from resource_allocations s where s.job_id = any($1::bigint[]) and ${ALIVE} group by s.job_id`,
      same.map(([, job]) => job),
    );
    const alive = new Set(keysOf(siblings));
    const due = same.filter(([, job]) => !alive.has(job));
    await failed(rows, [...new Set(due.map(([, job]) => job))], STALE_ERROR, '-3:0');
    return { changed: (await released(rows, keysOf(due))).length, page };
  };
