import { keysOf, type Step, sameRows } from '../steps.js';
import { FINISHED, UNRELEASED } from '../words.js';
import { type Rows, released, us } from './rows.js';

export const release =
  (rows: Rows): Step =>
  async (after, limit) => {
    const page = await rows(
      `select a.id, a.job_id, a.status, ${us('a.allocation_time')}, ${us('j.start_time')}
       from resource_allocations a join jobs j on j.id = a.job_id
       where a.status in ${UNRELEASED} and j.state in ${FINISHED} ${after === undefined ? '' : 'and a.id > $1::bigint'}
       order by a.id limit ${limit}`,
      ...(after === undefined ? [] : [after[0]]),
    );
    const jobs = await rows(
      `select id, ${us('start_time')} from jobs where id = any($1::bigint[]) and state in ${FINISHED}
       order by id for update skip locked`,
      [...new Set(page.map(([, job]) => job))],
    );
    const starts = new Map(jobs.map(([id, start]) => [id, start]));
    const finished = page.filter(([, job, , , start]) => starts.get(job) === start);
    const locked = await rows(
      `select id, job_id, status, ${us('allocation_time')} from resource_allocations
       where id = any($1::bigint[]) and status in ${UNRELEASED} order by id for update skip locked`,
      keysOf(finished),
    );
    const found = finished.map((row) => row.slice(0, 4));
    return { changed: (await released(rows, keysOf(sameRows(found, locked)))).length, page };
  };
