import { BATCH_ROWS } from '../../contender.js';
import { LOGS } from '../../facts.js';
import { keysOf, type Step, sameRows } from '../steps.js';
import { FINISHED } from '../words.js';
import { at, type Rows, us } from './rows.js';

export const purge =
  (rows: Rows, hasLogs: boolean): Step =>
  async (after, limit) => {
    const page = await rows(
      `select id, state, ${us('start_time')}, ${us('end_time')} from jobs
       where state in ${FINISHED} and end_time < now() - interval '30 days' and not exists (
           select 1 from resource_allocations where job_id = jobs.id and status <> 'RELEASED')
         ${after === undefined ? '' : `and (end_time, id) > (${at('$1::bigint')}, $2::bigint)`}
       order by end_time, id limit ${limit}`,
      ...(after === undefined ? [] : [after[3], after[0]]),
    );
    const locked = await rows(
      `select id, state, ${us('start_time')}, ${us('end_time')} from jobs
       where id = any($1::bigint[]) and state in ${FINISHED} order by id for update skip locked`,
      keysOf(page),
    );
    const same = keysOf(sameRows(page, locked));
    const children = await lockedOf(rows, 'resource_allocations', 'id, job_id, status', same);
    const holding = new Set(children.flatMap(([, job, status]) => (status === 'RELEASED' ? [] : [job])));
    const due = same.filter((id) => !holding.has(id));
    if (hasLogs) {
      const logs = await lockedOf(rows, LOGS, 'id', due);
      await rows(`delete from ${LOGS} where id = any($1::bigint[]) returning id`, keysOf(logs));
    }
    await rows(
      "delete from resource_allocations where id = any($1::bigint[]) and status = 'RELEASED' returning id",
      keysOf(children.filter(([, job]) => !holding.has(job))),
    );
    const gone = await rows(
      `delete from jobs where id = any($1::bigint[]) and state in ${FINISHED}
         and not exists (select 1 from resource_allocations where job_id = jobs.id)
         ${hasLogs ? `and not exists (select 1 from ${LOGS} where job_id = jobs.id)` : ''} returning id`,
      due,
    );
    return { changed: gone.length, page };
  };

/** What hangs on jobs, and nothing of it is held by others, which a later statement tells. */
async function lockedOf(rows: Rows, table: string, columns: string, jobs: readonly unknown[]): Promise<string[][]> {
  const locked = await rows(
    `select ${columns} from ${table} where job_id = any($1::bigint[])
     order by job_id limit ${BATCH_ROWS} for update skip locked`,
    jobs,
  );
  const [[count] = []] = await rows(`select count(*) from ${table} where job_id = any($1::bigint[])`, jobs);
  if (Number(count) !== locked.length) throw new Error(`Others hold rows of ${table}`);
  return locked;
}
