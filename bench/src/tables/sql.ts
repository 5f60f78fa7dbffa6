import { STRATEGY_NAMES } from '@jobsweep/core';
import { openStore } from '@jobsweep/repo-knex';
import { connectPlain, type Plain } from '@jobsweep/test-engines';
import { type Content, type Jobs, LOGS } from '../facts.js';

/** The words in which the engines differ. */
interface Words {
  readonly time: string;
  /** For more than a megabyte. */
  readonly longText: string;
  /** So many minutes before a time. */
  readonly before: (iso: string, minutes: string) => string;
  /** After the rows are there: what a server that has run for long has done by itself. */
  readonly settle: readonly string[];
}

const POSTGRES: Words = {
  time: 'timestamptz',
  longText: 'text',
  before: (iso, minutes) => `timestamptz '${iso}' - (${minutes}) * interval '1 minute'`,
  settle: ['vacuum analyze', 'checkpoint'],
};

const MYSQL: Words = {
  time: 'datetime(6)',
  longText: 'mediumtext',
  before: (iso, minutes) =>
    `timestamp'${iso.slice(0, -1).replace('T', ' ')}' - interval round((${minutes}) * 60000000) microsecond`,
  settle: ['analyze table jobs', 'analyze table resource_allocations'],
};

const DAY_MINUTES = 1440;

/**
 * Makes the tables anew with this content, the indexes that the doctor advises, and statistics. The server makes the rows.
 *
 * @param base the time that the ages of jobs count from.
 */
export async function makeTables(url: string, content: Content, base: Date): Promise<void> {
  const sql = await connectPlain(url);
  const words = url.startsWith('mysql:') ? MYSQL : POSTGRES;
  try {
    for (const table of [LOGS, 'resource_allocations', 'jobs'])
      await sql.query(`drop table if exists ${table}, ${table}_archive`);
    await sql.query(`create table jobs (id bigint primary key, name varchar(200), state varchar(20) not null,
      start_time ${words.time}, end_time ${words.time}, error_msg ${words.longText}, exit_code varchar(20))`);
    await sql.query(`create table resource_allocations (id bigint primary key, job_id bigint not null,
      status varchar(20) not null, allocation_time ${words.time}, released_time ${words.time},
      foreign key (job_id) references jobs (id))`);
    if (content.some(([{ logsOfEach }]) => logsOfEach !== undefined)) {
      await sql.query(`create table ${LOGS} (id bigint primary key, job_id bigint not null, line varchar(200),
        foreign key (job_id) references jobs (id))`);
      await sql.query(`create index logs_of_job on ${LOGS} (job_id)`);
    }
    let first = 0;
    for (const [jobs, count] of content) {
      if (count > 0) await insert(sql, words, first, count, jobs, base.toISOString());
      first += count;
    }
    await advisedIndexes(url, sql);
    for (const statement of words.settle) await sql.query(statement);
  } finally {
    await sql.close();
  }
}

async function insert(sql: Plain, words: Words, first: number, count: number, jobs: Jobs, base: string): Promise<void> {
  const { states, status, beganDaysAgo, endedWithinDays, logsOfEach = 0, messageBytes } = jobs;
  const [oldest, newest] = beganDaysAgo.map((days) => days * DAY_MINUTES) as [number, number];
  const minutes = `${oldest} - ${oldest - newest} * share`;
  const began = words.before(base, minutes);
  const spread = Math.max(1, (endedWithinDays ?? 0) * DAY_MINUTES);
  const ended =
    endedWithinDays === undefined ? 'null' : words.before(base, `${minutes} - (i % 100000 * 7919) % ${spread}`);
  const message = messageBytes === undefined ? 'null' : `repeat('x', ${messageBytes})`;
  const state = `case i % ${states.length} ${states.map((name, turn) => `when ${turn} then '${name}'`).join(' ')} end`;
  const each = `from (${numbersBelow(count)}) as numbers order by i`;
  await sql.query(`insert into jobs (id, name, state, start_time, end_time, error_msg, exit_code)
    select ${first} + i, concat('job-', ${first} + i), ${state}, ${began}, ${ended}, ${message}, '0:0' ${each}`);
  await sql.query(`insert into resource_allocations (id, job_id, status, allocation_time)
    select 5 * (${first} + i), ${first} + i, '${status}', ${began} ${each}`);
  if (logsOfEach === 0) return;
  await sql.query(`insert into ${LOGS} (id, job_id, line)
    select i, ${first} + floor(i / ${logsOfEach}), 'begun' from (${numbersBelow(count * logsOfEach)}) as numbers order by i`);
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
