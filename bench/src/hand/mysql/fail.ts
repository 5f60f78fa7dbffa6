import { BATCH_ROWS } from '../../contender.js';
import { keysOf, type Step, sameRows } from '../steps.js';
import { STUCK_ERROR, UNRELEASED } from '../words.js';
import { failed, released, type Sql, some } from './sql.js';

export const fail =
  (sql: Sql): Step =>
  async (after, limit) => {
    const { rows } = sql;
    const page = await rows(
      `select id, start_time, name from jobs where state = 'RUNNING' and start_time < utc_timestamp(6) - interval 48 hour
         ${after === undefined ? '' : 'and start_time >= ? and (start_time > ? or id > ?)'}
       order by start_time, id limit ${limit}`,
      ...(after === undefined ? [] : [after[1], after[1], after[0]]),
    );
    const locked = await rows(
      "select id, start_time from jobs where id in (?) and state = 'RUNNING' order by id for update skip locked",
      some(keysOf(page)),
    );
    const found = page.map((row) => row.slice(0, 2));
    const ids = keysOf(sameRows(found, locked));
    const changed = await failed(sql, ids, STUCK_ERROR, '-2:0');
    const held = await rows(
      `select id from resource_allocations where job_id in (?) and status in ${UNRELEASED}
       order by job_id limit ${BATCH_ROWS} for update skip locked`,
      some(ids),
    );
    await released(sql, keysOf(held));
    // What others hold is reported.
    await rows(`select id from resource_allocations where job_id in (?) and status in ${UNRELEASED}`, some(ids));
    return { changed, page };
  };
