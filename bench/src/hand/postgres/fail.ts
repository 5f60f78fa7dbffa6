import { BATCH_ROWS } from '../../contender.js';
import { keysOf, type Step, sameRows } from '../steps.js';
import { STUCK_ERROR, UNRELEASED } from '../words.js';
import { at, failed, type Rows, released, us } from './rows.js';

export const fail =
  (rows: Rows): Step =>
  async (after, limit) => {
    const page = await rows(
      `select id, ${us('start_time')}, name from jobs
       where state = 'RUNNING' and start_time < now() - interval '48 hours'
         ${after === undefined ? '' : `and (start_time, id) > (${at('$1::bigint')}, $2::bigint)`}
       order by start_time, id limit ${limit}`,
      ...(after === undefined ? [] : [after[1], after[0]]),
    );
    const locked = await rows(
      `select id, ${us('start_time')} from jobs where id = any($1::bigint[]) and state = 'RUNNING'
       order by id for update skip locked`,
      keysOf(page),
    );
    const found = page.map((row) => row.slice(0, 2));
    const ids = keysOf(await failed(rows, keysOf(sameRows(found, locked)), STUCK_ERROR, '-2:0'));
    const held = await rows(
      `select id from resource_allocations where job_id = any($1::bigint[]) and status in ${UNRELEASED}
       order by job_id limit ${BATCH_ROWS} for update skip locked`,
      ids,
    );
    await released(rows, keysOf(held));
    // What others hold is reported.
    await rows(`select id from resource_allocations where job_id = any($1::bigint[]) and status in ${UNRELEASED}`, ids);
    return { changed: ids.length, page };
  };
