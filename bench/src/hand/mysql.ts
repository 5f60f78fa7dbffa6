import { createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { BATCH_ROWS, type Contender, type Mass } from '../workload.js';
import { drained, type Step, sameRows, type Values } from './steps.js';

const STATES = ['COMPLETED', 'FAILED', 'CANCELLED'] as const;
const FINISHED = "('COMPLETED', 'FAILED', 'CANCELLED')";
const UNRELEASED = "('RESERVED', 'ALLOCATED')";

type Value = NonNullable<unknown> | null | undefined;

/** A statement, and what it gives: rows without names, or how many it changed. */
interface Sql {
  readonly rows: (text: string, ...values: readonly Value[]) => Promise<Values[]>;
  readonly changes: (text: string, ...values: readonly Value[]) => Promise<number>;
}

/**
 * The protocol on `mysql2`, as lean as one can write it, for MySQL and MariaDB. Neither returns changed rows: where all were
 * changed the number tells, and what they are now is read.
 */
export async function mysqlByHand(url: string): Promise<Contender> {
  // Times as text keep their microseconds.
  const connection = await createConnection({ uri: url, rowsAsArray: true, dateStrings: true });
  await connection.query('set session transaction isolation level read committed');
  await connection.query("set time_zone = '+00:00', innodb_lock_wait_timeout = 5");
  const sql: Sql = {
    async rows(text, ...values) {
      const [rows] = await connection.query<RowDataPacket[]>(text, [...values]);
      return rows as unknown as Values[];
    },
    async changes(text, ...values) {
      const [{ affectedRows }] = await connection.query<ResultSetHeader>(text, [...values]);
      return affectedRows;
    },
  };
  const steps: Record<Mass, Step> = { purge: purge(sql), release: release(sql), fail: fail(sql) };
  return {
    drain: (workload) =>
      drained(async (after) => {
        await connection.query('start transaction');
        const done = await steps[workload](after);
        await connection.query('commit');
        return done;
      }),
    async look() {
      for (const probe of PROBES) if ((await sql.rows(probe)).length > 0) throw new Error(`Something is due: ${probe}`);
    },
    close: () => connection.end(),
  };
}

/** `in ()` is no SQL. */
const some = (values: readonly Value[]): Value => (values.length === 0 ? [null] : [...values]);

const purge =
  ({ rows, changes }: Sql): Step =>
  async (after) => {
    // Each state by itself is in the order of the index (state, end_time, id); all together they would be sorted.
    const place = after === undefined ? '' : 'and (end_time > ? or (end_time = ? and id > ?)) and end_time >= ?';
    const branches = STATES.map(
      (state) => `(select id, end_time from jobs where state = '${state}'
        and end_time < utc_timestamp(6) - interval 30 day ${place} and not exists (select 1
          from resource_allocations a where a.job_id = jobs.id and a.status <> 'RELEASED') order by end_time, id limit ${BATCH_ROWS})`,
    );
    const [id, , , end] = after ?? [];
    const page = await rows(
      `select j.id, j.state, j.start_time, j.end_time
       from (select id, end_time from (${branches.join(' union all ')}) u order by end_time, id limit ${BATCH_ROWS}) due
       join jobs j on j.id = due.id order by due.end_time, due.id`,
      ...(after === undefined ? [] : STATES.flatMap(() => [end, end, id, end])),
    );
    const locked = await rows(
      `select id, state, start_time, end_time from jobs where id in (?) and state in ${FINISHED}
       order by id for update skip locked`,
      some(page.map(([id]) => id)),
    );
    const same = sameRows(page, locked).map(([id]) => id);
    const children = await rows(
      `select id, job_id, status from resource_allocations where job_id in (?)
       order by job_id limit ${BATCH_ROWS} for update skip locked`,
      some(same),
    );
    const [[count] = []] = await rows('select count(*) from resource_allocations where job_id in (?)', some(same));
    if (Number(count) !== children.length) throw new Error('Others hold allocations');
    const holding = new Set(children.flatMap(([, job, status]) => (status === 'RELEASED' ? [] : [job])));
    await changes(
      "delete from resource_allocations where id in (?) and status = 'RELEASED'",
      some(children.filter(([, job]) => !holding.has(job)).map(([id]) => id)),
    );
    const due = same.filter((id) => !holding.has(id));
    const gone = await changes(
      `delete from jobs where id in (?) and state in ${FINISHED}
         and not exists (select 1 from resource_allocations a where a.job_id = jobs.id)`,
      some(due),
    );
    if (gone !== due.length) throw new Error('Some jobs stayed');
    return { changed: gone, page };
  };

const release =
  (sql: Sql): Step =>
  async (after) => {
    const { rows } = sql;
    const page = await rows(
      `select a.id, a.job_id, a.status, a.allocation_time, j.start_time
       from resource_allocations a straight_join jobs j on j.id = a.job_id
       where a.status in ${UNRELEASED} and j.state in ${FINISHED} ${after === undefined ? '' : 'and a.id > ?'}
       order by a.id limit ${BATCH_ROWS}`,
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
      some(finished.map(([id]) => id)),
    );
    const same = sameRows(
      finished.map((row) => row.slice(0, 4)),
      locked,
    );
    return {
      changed: await released(
        sql,
        same.map(([id]) => id),
      ),
      page,
    };
  };

const fail =
  (sql: Sql): Step =>
  async (after) => {
    const { rows, changes } = sql;
    const page = await rows(
      `select id, start_time, name from jobs where state = 'RUNNING' and start_time < utc_timestamp(6) - interval 48 hour
         ${after === undefined ? '' : 'and start_time >= ? and (start_time > ? or id > ?)'}
       order by start_time, id limit ${BATCH_ROWS}`,
      ...(after === undefined ? [] : [after[1], after[1], after[0]]),
    );
    const locked = await rows(
      "select id, start_time from jobs where id in (?) and state = 'RUNNING' order by id for update skip locked",
      some(page.map(([id]) => id)),
    );
    const ids = sameRows(
      page.map((row) => row.slice(0, 2)),
      locked,
    ).map(([id]) => id);
    const failed = await changes(
      `update jobs set state = 'FAILED', end_time = utc_timestamp(6), error_msg = ?, exit_code = '-2:0'
       where id in (?) and state = 'RUNNING'`,
      'Ran for too long',
      some(ids),
    );
    if (failed !== ids.length) throw new Error('Some jobs did not fail');
    await rows('select id, state, start_time, end_time from jobs where id in (?)', some(ids));
    const held = await rows(
      `select id from resource_allocations where job_id in (?) and status in ${UNRELEASED}
       order by job_id limit ${BATCH_ROWS} for update skip locked`,
      some(ids),
    );
    await released(
      sql,
      held.map(([id]) => id),
    );
    // What others hold is reported.
    await rows(`select id from resource_allocations where job_id in (?) and status in ${UNRELEASED}`, some(ids));
    return { changed: failed, page };
  };

async function released({ rows, changes }: Sql, ids: readonly Value[]): Promise<number> {
  const changed = await changes(
    `update resource_allocations set status = 'RELEASED', released_time = utc_timestamp(6)
     where id in (?) and status in ${UNRELEASED}`,
    some(ids),
  );
  if (changed !== ids.length) throw new Error('Some allocations were not released');
  await rows(
    'select id, job_id, status, allocation_time, released_time from resource_allocations where id in (?)',
    some(ids),
  );
  return changed;
}

const PROBES = [
  `select 1 from resource_allocations a straight_join jobs j on j.id = a.job_id
     where a.status in ${UNRELEASED} and j.state in ${FINISHED} limit 1`,
  `select 1 from resource_allocations a straight_join jobs j on j.id = a.job_id where a.status = 'RESERVED'
     and a.allocation_time < utc_timestamp(6) - interval 10 minute and j.state = 'RUNNING' limit 1`,
  "select 1 from jobs where state = 'RUNNING' and start_time < utc_timestamp(6) - interval 48 hour limit 1",
  `select 1 from jobs where state in ${FINISHED} and end_time < utc_timestamp(6) - interval 30 day limit 1`,
];
