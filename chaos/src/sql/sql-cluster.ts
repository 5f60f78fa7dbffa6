import { randomBytes } from 'node:crypto';
import { openStore } from '@jobsweep/repo-knex';
import { connectPlain, createDatabase, type Plain } from '@jobsweep/test-engines';
import type { Cluster } from '../cluster.js';
import { type Counts, type Entry, JANITOR, NOTHING, type Strategy } from '../judge.js';
import { OLD_DAYS, type Row, STALE_MINUTES, STUCK_HOURS, type Tables } from '../rows.js';
import { sqlLoad } from './sql-load.js';
import { MYSQL, POSTGRES, type Words } from './words.js';

const INSERT_ROWS = 500;

export async function openSqlCluster(serverUrl: string, rows: Tables): Promise<Cluster> {
  const words = serverUrl.startsWith('mysql:') ? MYSQL : POSTGRES;
  const database = await createDatabase(serverUrl, { prefix: 'chaos' });
  const password = randomBytes(12).toString('hex');
  const url = new URL(database.url);
  url.username = JANITOR;
  url.password = password;
  await once(database.url, async (sql) => {
    await makeTables(sql, words);
    await insert(sql, 'jobs', rows.jobs);
    await insert(sql, 'resource_allocations', rows.allocations);
    for (const statement of words.janitor(password, database.name)) await sql.query(statement);
  });
  const { store, close } = await openStore({ url: url.href });
  await store.ownTables.create();
  await close();
  const opening = await once(database.url, async (sql) => {
    const before = await readTables(sql, words);
    for (const statement of words.ledger) await sql.query(statement);
    return before;
  });
  const ask = <Result>(work: (sql: Plain) => Promise<Result>) => once(database.url, work);
  return {
    adapter: '@jobsweep/repo-knex',
    applicationUrl: database.url,
    url: url.href,
    opening,
    load: (workers) => sqlLoad(database.url, words, workers),
    due: () => ask((sql) => dueIn(sql, words)),
    entries: () => ask((sql) => readLedger(sql, words)),
    history: () => ask(readHistory),
    close: async () => undefined,
  };
}

/** A connection of its own each time, since servers come and go. */
async function once<Result>(url: string, work: (sql: Plain) => Promise<Result>): Promise<Result> {
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

async function insert(sql: Plain, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  for (let start = 0; start < rows.length; start += INSERT_ROWS) {
    const piece = rows.slice(start, start + INSERT_ROWS);
    const values = piece.flatMap((row) => columns.map((name) => boundValue(sql, name, row[name] ?? null)));
    const marks = `(${columns.map(() => '?').join(', ')})`;
    await sql.query(`insert into ${table} (${columns.join(', ')}) values ${piece.map(() => marks).join(', ')}`, values);
  }
}

const boundValue = (sql: Plain, column: string, value: string | null): string | null =>
  value !== null && column.endsWith('_time') ? sql.timeValue(value) : value;

async function readTables(sql: Plain, words: Words): Promise<Tables> {
  const all = async (table: string, times: readonly string[]) => {
    const texts = times.map((name) => `${words.millis(name)} as ${name}`);
    const rows = await sql.query(`select t.*, ${texts.join(', ')} from ${table} t order by id`);
    return rows.map(fromDriver);
  };
  return {
    jobs: await all('jobs', ['start_time', 'end_time']),
    allocations: await all('resource_allocations', ['allocation_time', 'released_time']),
  };
}

const fromDriver = (row: Record<string, unknown>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value === null) return [name, null];
      return [name, name.endsWith('_time') ? new Date(Number(value)).toISOString() : String(value)];
    }),
  );

/** A row as the ledger has it: numbers are texts, and times of MySQL have neither T nor Z. */
const fromLedger = (text: string | null | undefined): Row | null =>
  text === null || text === undefined
    ? null
    : Object.fromEntries(
        Object.entries(JSON.parse(text) as Record<string, unknown>).map(([name, value]) => {
          if (value === null) return [name, null];
          const written = String(value);
          return [name, name.endsWith('_time') && written.includes(' ') ? `${written.replace(' ', 'T')}Z` : written];
        }),
      );

async function readLedger(sql: Plain, { millis }: Words): Promise<readonly Entry[]> {
  const rows = await sql.query(`select ${millis('at')} as at, who, tbl, was, became from ledger order by id`);
  return rows.map(({ at, who, tbl, was, became }) => ({
    who: String(who),
    at: Number(at),
    table: tbl === 'jobs' ? 'jobs' : 'allocations',
    before: fromLedger(was),
    after: fromLedger(became),
  }));
}

async function readHistory(sql: Plain): Promise<Counts> {
  const rows = await sql.query(
    'select strategy, sum(items_cleaned) as cleaned from jobsweep_history group by strategy',
  );
  return { ...NOTHING, ...Object.fromEntries(rows.map(({ strategy, cleaned }) => [strategy, Number(cleaned)])) };
}

async function dueIn(sql: Plain, { ago }: Words): Promise<Counts> {
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
  const counts: Record<string, number> = {};
  for (const [strategy, rule] of Object.entries(rules)) {
    const [row] = await sql.query(`select count(*) as due from ${rule}`);
    counts[strategy] = Number(row?.due);
  }
  return { ...NOTHING, ...counts };
}
