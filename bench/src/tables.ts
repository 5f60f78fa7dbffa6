import { STRATEGY_NAMES } from '@jobsweep/core';
import { openStore } from '@jobsweep/repo-knex';
import { connectPlain, type Plain } from '@jobsweep/test-engines';
import type { Mass, Workload } from './workload.js';

/** The words in which the engines differ. */
interface Words {
  readonly time: string;
  /** So many minutes ago. */
  readonly ago: (minutes: string) => string;
  /** After the rows are there: what a server that has run for long has done by itself. */
  readonly settle: readonly string[];
}

const POSTGRES: Words = {
  time: 'timestamptz',
  ago: (minutes) => `now() - (${minutes}) * interval '1 minute'`,
  settle: ['vacuum analyze jobs, resource_allocations', 'checkpoint'],
};

const MYSQL: Words = {
  time: 'datetime(6)',
  ago: (minutes) => `utc_timestamp(6) - interval round((${minutes}) * 60000000) microsecond`,
  settle: ['analyze table jobs', 'analyze table resource_allocations'],
};

/** Jobs `i` and their allocations, as SQL: how long ago a job began, for how long it ran, and what it left. */
interface Rows {
  readonly state: string;
  readonly status: string;
  readonly beganMinutesAgo: string;
  /** Absent: it runs on. */
  readonly minutes?: string;
}

const DAY = 1440;
const FINISHED = "case i % 5 when 0 then 'FAILED' when 1 then 'CANCELLED' else 'COMPLETED' end";
/** Jobs end in another order than they began in. */
const SPREAD = `(i * 7919) % (3 * ${DAY})`;

/** What a workload is about: all of it is due. */
const DUE: Readonly<Record<Mass, Rows>> = {
  purge: { state: FINISHED, status: "'RELEASED'", beganMinutesAgo: `(90 - 40 * share) * ${DAY}`, minutes: SPREAD },
  release: { state: FINISHED, status: "'ALLOCATED'", beganMinutesAgo: `(9 - 3 * share) * ${DAY}`, minutes: SPREAD },
  fail: { state: "'RUNNING'", status: "'ALLOCATED'", beganMinutesAgo: `(9 - 3 * share) * ${DAY}` },
};

/** What is there besides, and is not due: as many finished jobs, and a few that run. */
const HISTORY: Rows = {
  state: FINISHED,
  status: "'RELEASED'",
  beganMinutesAgo: `(20 - 10 * share) * ${DAY}`,
  minutes: SPREAD,
};
const LIVE: Rows = { state: "'RUNNING'", status: "'ALLOCATED'", beganMinutesAgo: '5 * share' };
const LIVE_JOBS = 100;

/** Makes both tables anew with the rows of a workload, the indexes that the doctor advises, and statistics. */
export async function makeTables(url: string, workload: Workload, rows: number): Promise<void> {
  const sql = await connectPlain(url);
  const words = url.startsWith('mysql:') ? MYSQL : POSTGRES;
  try {
    await sql.query('drop table if exists resource_allocations');
    await sql.query('drop table if exists jobs');
    await sql.query(`create table jobs (id bigint primary key, name varchar(200), state varchar(20) not null,
      start_time ${words.time}, end_time ${words.time}, error_msg text, exit_code varchar(20))`);
    await sql.query(`create table resource_allocations (id bigint primary key, job_id bigint not null,
      status varchar(20) not null, allocation_time ${words.time}, released_time ${words.time},
      foreign key (job_id) references jobs (id))`);
    if (workload !== 'idle') await insert(sql, words, 0, rows, DUE[workload]);
    await insert(sql, words, rows, rows, HISTORY);
    await insert(sql, words, 2 * rows, LIVE_JOBS, LIVE);
    await advisedIndexes(url, sql);
    for (const statement of words.settle) await sql.query(statement);
  } finally {
    await sql.close();
  }
}

async function insert(sql: Plain, { ago }: Words, first: number, count: number, rows: Rows): Promise<void> {
  const began = ago(rows.beganMinutesAgo);
  const ended = rows.minutes === undefined ? 'null' : ago(`${rows.beganMinutesAgo} - ${rows.minutes}`);
  const each = `from (${numbersBelow(count)}) as numbers order by i`;
  await sql.query(`insert into jobs (id, name, state, start_time, end_time, exit_code)
    select ${first} + i, concat('job-', ${first} + i), ${rows.state}, ${began}, ${ended}, '0:0' ${each}`);
  await sql.query(`insert into resource_allocations (id, job_id, status, allocation_time)
    select 5 * (${first} + i), ${first} + i, ${rows.status}, ${began} ${each}`);
}

/** The numbers `i` from 0 on, and which `share` of all each of them is. Every engine multiplies digits; none needs a setting. */
function numbersBelow(count: number): string {
  const digits = `(${Array.from({ length: 10 }, (_, digit) => `select ${digit} as v`).join(' union all ')})`;
  const places = Array.from({ length: Math.max(1, Math.ceil(Math.log10(count))) }, (_, place) => place);
  const number = places.map((place) => `${10 ** place} * d${place}.v`).join(' + ');
  const from = places.map((place) => `${digits} as d${place}`).join(' cross join ');
  return `select i, i / ${count}.0 as share from (select ${number} as i from ${from}) as every where i < ${count}`;
}

async function advisedIndexes(url: string, sql: Plain): Promise<void> {
  const opened = await openStore({ url });
  try {
    for (const { servedBy, statement } of (await opened.store.inspect.diagnosis?.indexes(STRATEGY_NAMES)) ?? []) {
      if (servedBy === null) await sql.query(statement.replace(' CONCURRENTLY', ''));
    }
  } finally {
    await opened.close();
  }
}
