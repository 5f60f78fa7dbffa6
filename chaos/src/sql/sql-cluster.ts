import { randomBytes } from 'node:crypto';
import { openStore } from '@jobsweep/repo-knex';
import { connectPlain, createDatabase, type Plain } from '@jobsweep/test-engines';
import type { Cluster } from '../cluster.js';
import { type Counts, type Entry, JANITOR, NOTHING, type Strategy } from '../judge.js';
import { OLD_DAYS, STALE_MINUTES, STUCK_HOURS, type Tables } from '../rows.js';
import { fromJson, insertRows, readTables } from './rows.js';
import { sqlLoad } from './sql-load.js';
import { MYSQL, POSTGRES, type Words } from './words.js';

export async function openSqlCluster(serverUrl: string, rows: Tables): Promise<Cluster> {
  const words = serverUrl.startsWith('mysql:') ? MYSQL : POSTGRES;
  const database = await createDatabase(serverUrl, { prefix: 'chaos' });
  const password = randomBytes(12).toString('hex');
  const url = new URL(database.url);
  url.username = JANITOR;
  url.password = password;
  // A connection of its own each time, since servers come and go.
  const ask = <Result>(work: (sql: Plain) => Promise<Result>) => withPlain(database.url, work);
  await ask(async (sql) => {
    await makeTables(sql, words);
    await insertRows(sql, 'jobs', rows.jobs);
    await insertRows(sql, 'allocations', rows.allocations);
    for (const statement of words.janitor(password, database.name)) await sql.query(statement);
  });
  const own = await openStore({ url: url.href });
  await own.store.ownTables.create();
  await own.close();
  const opening = await ask(async (sql) => {
    for (const statement of words.ledger()) await sql.query(statement);
    return readTables(sql, words);
  });
  return {
    adapter: '@jobsweep/repo-knex',
    applicationUrl: database.url,
    url: url.href,
    opening,
    load: (workers) => sqlLoad(database.url, workers),
    due: () => ask((sql) => countDue(sql, words)),
    tables: () => ask((sql) => readTables(sql, words)),
    archived: () => ask((sql) => readTables(sql, words, '_archive')),
    forgetClients: async () => undefined,
    entries: () => ask((sql) => readLedger(sql, words)),
    history: () => ask(readHistory),
    close: async () => undefined,
  };
}

async function withPlain<Result>(url: string, work: (sql: Plain) => Promise<Result>): Promise<Result> {
  const sql = await connectPlain(url);
  try {
    return await work(sql);
  } finally {
    await sql.close().catch(() => undefined);
  }
}

async function makeTables(sql: Plain, { time, text }: Words): Promise<void> {
  await sql.query(`create table jobs (id bigint primary key, name ${text}, state varchar(20) not null,
    start_time ${time}, end_time ${time}, error_msg ${text}, exit_code varchar(20), note ${text})`);
  await sql.query(`create table resource_allocations (id bigint primary key, job_id bigint not null,
    status varchar(20) not null, allocation_time ${time}, released_time ${time},
    foreign key (job_id) references jobs (id))`);
  await sql.query('create index jobs_state on jobs (state, end_time, id)');
  await sql.query('create index allocations_job on resource_allocations (job_id)');
  await sql.query('create index allocations_status on resource_allocations (status, allocation_time)');
}

async function readLedger(sql: Plain, { millis }: Words): Promise<readonly Entry[]> {
  const rows = await sql.query(`select ${millis('at')} as at, who, tbl, was, became from ledger order by id`);
  const rowOf = (text: string | null | undefined) => (typeof text === 'string' ? fromJson(text) : null);
  return rows.map(({ at, who, tbl, was, became }) => ({
    who: String(who),
    at: Number(at),
    table: tbl === 'jobs' ? 'jobs' : 'allocations',
    before: rowOf(was),
    after: rowOf(became),
  }));
}

async function readHistory(sql: Plain): Promise<Counts> {
  const counts = { ...NOTHING };
  for (const { strategy, items_cleaned } of await sql.query('select strategy, items_cleaned from jobsweep_history')) {
    counts[strategy as Strategy] += Number(items_cleaned);
  }
  return counts;
}

async function countDue(sql: Plain, { ago }: Words): Promise<Counts> {
  const finished = "j.state in ('COMPLETED', 'FAILED', 'CANCELLED')";
  const stale = ago(STALE_MINUTES, 'minute');
  const rules: Record<Strategy, string> = {
    completed_job_cleanup: `resource_allocations a join jobs j on j.id = a.job_id
      where a.status in ('RESERVED', 'ALLOCATED') and ${finished}`,
    stale_reservation_cleanup: `resource_allocations a join jobs j on j.id = a.job_id
      where a.status = 'RESERVED' and a.allocation_time < ${stale} and j.state = 'RUNNING' and not exists (
        select 1 from resource_allocations s where s.job_id = j.id and s.status <> 'RELEASED'
        and not (s.status = 'RESERVED' and s.allocation_time < ${stale}))`,
    stuck_job_cleanup: `jobs j where j.state = 'RUNNING' and j.start_time < ${ago(STUCK_HOURS, 'hour')}`,
    old_job_cleanup: `jobs j where ${finished} and j.end_time < ${ago(OLD_DAYS, 'day')} and not exists (
        select 1 from resource_allocations s where s.job_id = j.id and s.status <> 'RELEASED')`,
  };
  const counts = { ...NOTHING };
  for (const [strategy, rule] of Object.entries(rules)) {
    const [row] = await sql.query(`select count(*) as due from ${rule}`);
    counts[strategy as Strategy] = Number(row?.due);
  }
  return counts;
}
