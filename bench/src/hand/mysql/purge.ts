import { BATCH_ROWS } from '../../contender.js';
import { LOGS } from '../../facts.js';
import { keysOf, type Step, sameRows, type Values } from '../steps.js';
import { FINISHED } from '../words.js';
import { type Sql, some, type Value } from './sql.js';

const STATES = ['COMPLETED', 'FAILED', 'CANCELLED'] as const;

export const purge =
  (sql: Sql, hasLogs: boolean): Step =>
  async (after, limit) => {
    const { rows, changes } = sql;
    // Each state by itself is in the order of the index (state, end_time, id); all together they would be sorted.
    const place = after === undefined ? '' : 'and (end_time > ? or (end_time = ? and id > ?)) and end_time >= ?';
    const branches = STATES.map(
      (state) => `(select id, end_time from jobs where state = '${state}'
        and end_time < utc_timestamp(6) - interval 30 day ${place} and not exists (select 1
          from resource_allocations a where a.job_id = jobs.id and a.status <> 'RELEASED') order by end_time, id limit ${limit})`,
    );
    const [id, , , end] = after ?? [];
    const page = await rows(
      `select j.id, j.state, j.start_time, j.end_time
       from (select id, end_time from (${branches.join(' union all ')}) u order by end_time, id limit ${limit}) due
       join jobs j on j.id = due.id order by due.end_time, due.id`,
      ...(after === undefined ? [] : STATES.flatMap(() => [end, end, id, end])),
    );
    const locked = await rows(
      `select id, state, start_time, end_time from jobs where id in (?) and state in ${FINISHED}
       order by id for update skip locked`,
      some(keysOf(page)),
    );
    const same = keysOf(sameRows(page, locked));
    const children = await lockedOf(sql, 'resource_allocations', 'id, job_id, status', same);
    const holding = new Set(children.flatMap(([, job, status]) => (status === 'RELEASED' ? [] : [job])));
    const due = same.filter((id) => !holding.has(id));
    if (hasLogs) {
      const logs = await lockedOf(sql, LOGS, 'id', due);
      await changes(`delete from ${LOGS} where id in (?)`, some(keysOf(logs)));
    }
    await changes(
      "delete from resource_allocations where id in (?) and status = 'RELEASED'",
      some(keysOf(children.filter(([, job]) => !holding.has(job)))),
    );
    const gone = await changes(
      `delete from jobs where id in (?) and state in ${FINISHED}
         and not exists (select 1 from resource_allocations a where a.job_id = jobs.id)
         ${hasLogs ? `and not exists (select 1 from ${LOGS} l where l.job_id = jobs.id)` : ''}`,
      some(due),
    );
    if (gone !== due.length) throw new Error('Some jobs stayed');
    return { changed: gone, page };
  };

/** What hangs on jobs, and nothing of it is held by others, which a later statement tells. */
async function lockedOf({ rows }: Sql, table: string, columns: string, jobs: readonly Value[]): Promise<Values[]> {
  const locked = await rows(
    `select ${columns} from ${table} where job_id in (?) order by job_id limit ${BATCH_ROWS} for update skip locked`,
    some(jobs),
  );
  const [[count] = []] = await rows(`select count(*) from ${table} where job_id in (?)`, some(jobs));
  if (Number(count) !== locked.length) throw new Error(`Others hold rows of ${table}`);
  return locked;
}
