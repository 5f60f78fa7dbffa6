import type pg from 'pg';

/** A moment in a row: long ago, during the test, or unset. */
type Moment = 'old' | 'new' | null;

interface JobNow {
  readonly state: string;
  readonly start: Moment;
  readonly end: Moment;
  readonly error: string | null;
  readonly exit: string | null;
  readonly owner: string;
}

interface AllocationNow {
  readonly job: string;
  readonly status: string;
  readonly since: Moment;
  readonly released: Moment;
}

/** Both tables, by id. */
export interface Snapshot {
  readonly jobs: Readonly<Record<string, JobNow>>;
  readonly allocations: Readonly<Record<string, AllocationNow>>;
}

const OLD = '2020-02-03 04:05:06.123456+00';

const asMoment = (column: string) =>
  `case when ${column} is null then null when ${column} = '${OLD}' then 'old'
        when ${column} > now() - interval '5 minutes' then 'new' else ${column}::text end`;

export async function seed(sql: pg.Client, { jobs, allocations }: Snapshot): Promise<void> {
  const moment = (key: string) => `case ${key} when 'old' then '${OLD}'::timestamptz when 'new' then now() end`;
  const rows = (byId: Readonly<Record<string, object>>) =>
    JSON.stringify(Object.entries(byId).map(([id, row]) => ({ id, ...row })));
  await sql.query(
    `insert into jobs (id, name, state, start_time, end_time, error_msg, exit_code, owner)
     select id, 'job ' || id, state, ${moment('start')}, ${moment('"end"')}, error, exit, owner
     from jsonb_to_recordset($1) as r (id bigint, state text, start text, "end" text, error text, exit text, owner text)`,
    [rows(jobs)],
  );
  await sql.query(
    `insert into resource_allocations (id, job_id, status, allocation_time, released_time)
     select id, job, status, ${moment('since')}, ${moment('released')}
     from jsonb_to_recordset($1) as r (id bigint, job bigint, status text, since text, released text)`,
    [rows(allocations)],
  );
}

/** Reads both tables back with the plain driver. */
export async function readBack(sql: pg.Client): Promise<Snapshot> {
  const jobs = await sql.query<JobNow & { id: string }>(
    `select id, state, ${asMoment('start_time')} as start, ${asMoment('end_time')} as end,
       error_msg as error, exit_code as exit, owner from jobs order by id`,
  );
  const allocations = await sql.query<AllocationNow & { id: string }>(
    `select id, job_id as job, status, ${asMoment('allocation_time')} as since, ${asMoment('released_time')} as released
     from resource_allocations order by id`,
  );
  return { jobs: byId(jobs.rows), allocations: byId(allocations.rows) };
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Record<string, Omit<Row, 'id'>> {
  return Object.fromEntries(rows.map(({ id, ...row }) => [id, row]));
}
