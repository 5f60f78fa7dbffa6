import pg from 'pg';
import { BATCH_ROWS, type Contender, type Mass } from '../workload.js';
import { drained, type Step, sameRows } from './steps.js';

const FINISHED = "('COMPLETED', 'FAILED', 'CANCELLED')";
const UNRELEASED = "('RESERVED', 'ALLOCATED')";

/** One round trip: everything that bounds the transaction. */
const BEGIN = `begin isolation level read committed; set local statement_timeout = '30s';
  set local lock_timeout = '5s'; set local idle_in_transaction_session_timeout = '60s'`;

/** A time to the microsecond, which `pg` would cut. */
const us = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint`;
const at = (micros: string) => `'epoch'::timestamptz + ${micros} * interval '1 microsecond'`;

/** The protocol on `pg`, as lean as one can write it: what a page found is locked, looked at again, and written with its guard. */
export async function postgresByHand(url: string): Promise<Contender> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const rows = async (text: string, ...values: readonly unknown[]): Promise<string[][]> =>
    (await client.query<string[]>({ text, values: [...values], rowMode: 'array' })).rows;
  const steps: Record<Mass, Step> = { purge: purge(rows), release: release(rows), fail: fail(rows) };
  return {
    drain: (workload) =>
      drained(async (after) => {
        await client.query(BEGIN);
        const done = await steps[workload](after);
        await client.query('commit');
        return done;
      }),
    async look() {
      for (const probe of PROBES) if ((await rows(probe)).length > 0) throw new Error(`Something is due: ${probe}`);
    },
    close: () => client.end(),
  };
}

type Rows = (text: string, ...values: readonly unknown[]) => Promise<string[][]>;

const purge =
  (rows: Rows): Step =>
  async (after) => {
    const page = await rows(
      `select id, state, ${us('start_time')}, ${us('end_time')} from jobs
       where state in ${FINISHED} and end_time < now() - interval '30 days' and not exists (
           select 1 from resource_allocations where job_id = jobs.id and status <> 'RELEASED')
         ${after === undefined ? '' : `and (end_time, id) > (${at('$1::bigint')}, $2::bigint)`}
       order by end_time, id limit ${BATCH_ROWS}`,
      ...(after === undefined ? [] : [after[3], after[0]]),
    );
    const locked = await rows(
      `select id, state, ${us('start_time')}, ${us('end_time')} from jobs
       where id = any($1::bigint[]) and state in ${FINISHED} order by id for update skip locked`,
      page.map(([id]) => id),
    );
    const same = sameRows(page, locked).map(([id]) => id);
    const children = await rows(
      `select id, job_id, status from resource_allocations where job_id = any($1::bigint[])
       order by job_id limit ${BATCH_ROWS} for update skip locked`,
      same,
    );
    const [[count] = []] = await rows(
      'select count(*) from resource_allocations where job_id = any($1::bigint[])',
      same,
    );
    if (Number(count) !== children.length) throw new Error('Others hold allocations');
    const holding = new Set(children.flatMap(([, job, status]) => (status === 'RELEASED' ? [] : [job])));
    await rows(
      "delete from resource_allocations where id = any($1::bigint[]) and status = 'RELEASED' returning id",
      children.filter(([, job]) => !holding.has(job)).map(([id]) => id),
    );
    const gone = await rows(
      `delete from jobs where id = any($1::bigint[]) and state in ${FINISHED}
         and not exists (select 1 from resource_allocations where job_id = jobs.id) returning id`,
      same.filter((id) => !holding.has(id)),
    );
    return { changed: gone.length, page };
  };

const release =
  (rows: Rows): Step =>
  async (after) => {
    const page = await rows(
      `select a.id, a.job_id, a.status, ${us('a.allocation_time')}, ${us('j.start_time')}
       from resource_allocations a join jobs j on j.id = a.job_id
       where a.status in ${UNRELEASED} and j.state in ${FINISHED} ${after === undefined ? '' : 'and a.id > $1::bigint'}
       order by a.id limit ${BATCH_ROWS}`,
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
      finished.map(([id]) => id),
    );
    const same = sameRows(
      finished.map((row) => row.slice(0, 4)),
      locked,
    );
    return {
      changed: (
        await released(
          rows,
          same.map(([id]) => id),
        )
      ).length,
      page,
    };
  };

const fail =
  (rows: Rows): Step =>
  async (after) => {
    const page = await rows(
      `select id, ${us('start_time')}, name from jobs
       where state = 'RUNNING' and start_time < now() - interval '48 hours'
         ${after === undefined ? '' : `and (start_time, id) > (${at('$1::bigint')}, $2::bigint)`}
       order by start_time, id limit ${BATCH_ROWS}`,
      ...(after === undefined ? [] : [after[1], after[0]]),
    );
    const locked = await rows(
      `select id, ${us('start_time')} from jobs where id = any($1::bigint[]) and state = 'RUNNING'
       order by id for update skip locked`,
      page.map(([id]) => id),
    );
    const same = sameRows(
      page.map((row) => row.slice(0, 2)),
      locked,
    );
    const failed = await rows(
      `update jobs set state = 'FAILED', end_time = now(), error_msg = $2, exit_code = '-2:0'
       where id = any($1::bigint[]) and state = 'RUNNING'
       returning id, state, ${us('start_time')}, ${us('end_time')}`,
      same.map(([id]) => id),
      'Ran for too long',
    );
    const ids = failed.map(([id]) => id);
    const held = await rows(
      `select id from resource_allocations where job_id = any($1::bigint[]) and status in ${UNRELEASED}
       order by job_id limit ${BATCH_ROWS} for update skip locked`,
      ids,
    );
    await released(
      rows,
      held.map(([id]) => id),
    );
    // What others hold is reported.
    await rows(`select id from resource_allocations where job_id = any($1::bigint[]) and status in ${UNRELEASED}`, ids);
    return { changed: failed.length, page };
  };

const released = (rows: Rows, ids: readonly unknown[]) =>
  rows(
    `update resource_allocations set status = 'RELEASED', released_time = now()
     where id = any($1::bigint[]) and status in ${UNRELEASED}
     returning id, job_id, status, ${us('allocation_time')}, ${us('released_time')}`,
    ids,
  );

const PROBES = [
  `select 1 from resource_allocations a where status in ${UNRELEASED}
     and exists (select 1 from jobs j where j.id = a.job_id and j.state in ${FINISHED}) limit 1`,
  `select 1 from resource_allocations a where status = 'RESERVED' and allocation_time < now() - interval '10 minutes'
     and exists (select 1 from jobs j where j.id = a.job_id and j.state = 'RUNNING') limit 1`,
  "select 1 from jobs where state = 'RUNNING' and start_time < now() - interval '48 hours' limit 1",
  `select 1 from jobs where state in ${FINISHED} and end_time < now() - interval '30 days' limit 1`,
];
