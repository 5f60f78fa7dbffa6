import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CleanupStore, createStrategies, type StrategyName } from '@jobsweep/core';
import { type KnexStoreOptions, knexStore, openStore } from '@jobsweep/repo-knex';
import { createRunner, planRound } from '@jobsweep/runner';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex from 'knex';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import config from '../jobsweep.config.mjs';

const TABLES = ['linux_job_table', 'linux_step_table', 'linux_suspend_table'];
const options = config.store as KnexStoreOptions;
const sqlOf = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

describe.each(enginesOfRun())("Slurm's accounting tables on %s", (engine) => {
  const database = freshDatabase('slurm', engine);
  let sql: Connection;
  let closeStore: () => Promise<void>;
  let store: CleanupStore<never>;

  beforeEach(async () => {
    sql = await createConnection({ uri: database.url, multipleStatements: true, supportBigNumbers: true });
    await sql.query(sqlOf('schema.sql'));
    await sql.query(sqlOf('rows.sql'));
    await use(options);
  });
  afterEach(async () => {
    await closeStore();
    await sql.query(`drop table ${TABLES.join(', ')}`);
    await sql.end();
  });

  const use = async (given: KnexStoreOptions, url = database.url) => {
    const opened = await openStore({ url }, given);
    [store, closeStore] = [opened.store as CleanupStore<never>, opened.close];
  };
  /** Connects as a user who has these privileges on the job table and no others. */
  const useAs = async (user: string, privileges: string) => {
    const connection = new URL(database.url);
    [connection.username, connection.password] = [user, randomBytes(12).toString('hex')];
    await sql.query(`create user ${user} identified by '${connection.password}'`);
    await sql.query(`grant ${privileges} on linux_job_table to ${user}`);
    await closeStore();
    await use(options, connection.href);
  };
  const missing = async () =>
    (await store.inspect.diagnosis?.missingPrivileges({ strategies: ['stuck_job_cleanup'], ownTables: false })) ?? [];
  const run = (only: StrategyName, dryRun = false) => {
    const strategies = createStrategies(store, config.strategies);
    return createRunner({ store, strategies }).runOnce({ only: [only], dryRun });
  };

  test('fit the mapping, and leave the two strategies that need no allocations', async () => {
    expect(await store.inspect.schema()).toEqual([]);
    expect(store.capabilities.strategies).toEqual(['stuck_job_cleanup', 'old_job_cleanup']);
  });

  test('show runaway jobs in a plan, which writes nothing', async () => {
    const before = await rowsOf(sql);
    const { strategies } = await run('stuck_job_cleanup', true);
    expect(strategies[0]?.plan).toMatchObject({
      due: 2,
      samples: [{ description: 'Stuck job 1 (relax)' }, { description: 'Stuck job 2 (md-run)' }],
    });
    expect(await rowsOf(sql)).toEqual(before);
  });

  test('end runaway jobs in a run, and keep all else as it was: other columns, other jobs, steps, suspensions', async () => {
    const before = await rowsOf(sql);
    const { strategies } = await run('stuck_job_cleanup');
    expect(strategies[0]?.pass).toMatchObject({ itemsCleaned: 2, stopReason: 'drained' });
    const ended = {
      state: 5,
      time_end: expect.any(Number),
      mod_time: expect.any(Number),
      system_comment: expect.stringContaining('exceeded the maximum run time'),
    };
    expect(changesBetween(before, await rowsOf(sql))).toEqual({
      'linux_job_table/1': ended,
      'linux_job_table/2': ended,
    });
  });

  test("end a job at the server's time, in seconds", async () => {
    await run('stuck_job_cleanup');
    const [rows] = await sql.query(
      'select unix_timestamp() - time_end as age from linux_job_table where job_db_inx in (1, 2)',
    );
    for (const { age } of rows as { age: number }[]) expect(age).toBeLessThan(60);
  });

  test('lose no job, even when the strategy that deletes is asked for: jobs that have ended are out of scope', async () => {
    const before = await rowsOf(sql);
    const { strategies } = await run('old_job_cleanup');
    expect(strategies.find(({ name }) => name === 'old_job_cleanup')).toMatchObject({ status: 'skipped' });
    expect(await rowsOf(sql)).toEqual(before);
  });

  test("need no index of jobsweep's own: their key on time_end leads to the jobs that have not ended", async () => {
    await sql.query(`
      insert into linux_job_table (id_job, time_submit, state, time_start, time_end, job_name, \`partition\`, cpus_req,
        id_assoc, id_resv, id_wckey, id_user, id_group, het_job_id, het_job_offset, state_reason_prev, nodes_alloc, priority)
      with recursive ended (number) as (select 1 union all select number + 1 from ended where number < 900)
      select 10000 + a.number, b.number, 3, 1000, 2000 + a.number, '', '', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
      from ended as a join ended as b on b.number <= 20`);
    await sql.query('analyze table linux_job_table');
    const knex = createKnex({ client: 'mysql2', connection: database.url });
    const asked: { sql: string; bindings: unknown[] }[] = [];
    knex.on('query', (query: { sql: string; bindings: unknown[] }) => asked.push(query));
    const { repository, transaction } = knexStore(knex, options);
    await transaction((trx) => repository.getStuckJobs(trx, 360, { limit: 1000 }));
    await knex.destroy();
    const query = asked.find((each) => each.sql.includes('linux_job_table'));
    await sql.query("set names utf8mb4; set sql_mode = ''");
    // MariaDB's bound comes before the statement.
    const text = query?.sql.replace(/^set statement \S+ = \S+ for /, '');
    const [plan] = await sql.query(`explain format = traditional ${text}`, query?.bindings);
    expect(plan).toEqual([
      expect.objectContaining({
        key: expect.stringMatching(/^(rollup2|archive_purge)$/),
        rows: expect.toSatisfy((rows) => rows < 20),
      }),
    ]);
  });

  test('are planned by a user who may only read the jobs, and no table of jobsweep', async () => {
    const user = `reader_${randomBytes(5).toString('hex')}`;
    await useAs(user, 'select');
    try {
      const { strategies } = await planRound(store, createStrategies(store, config.strategies));
      expect(strategies).toMatchObject([
        { due: 2, error: null },
        { due: 0, error: null },
      ]);
      const { strategies: ran } = await run('stuck_job_cleanup');
      expect(ran[0]?.pass).toMatchObject({ itemsCleaned: 0, error: { code: 'PERMISSION_DENIED' } });
      expect((await missing()).map(({ privilege }) => privilege)).toContain('UPDATE');
    } finally {
      await sql.query(`drop user ${user}`);
    }
  });

  test('are repaired by a user who may update four columns besides', async () => {
    const user = `writer_${randomBytes(5).toString('hex')}`;
    await useAs(user, 'select, update (state, time_end, system_comment, mod_time)');
    try {
      expect(await missing()).toEqual([]);
      const { strategies } = await run('stuck_job_cleanup');
      expect(strategies[0]?.pass).toMatchObject({ itemsCleaned: 2 });
    } finally {
      await sql.query(`drop user ${user}`);
    }
  });

  test('refuse their exit code, an integer that would hold 0, success, for "-2:0"', async () => {
    await closeStore();
    const { schema } = config.store;
    const columns = { ...schema.jobs.columns, exitCode: 'exit_code' };
    await use({ ...options, schema: { ...schema, jobs: { ...schema.jobs, columns } } } as KnexStoreOptions);
    expect(await store.inspect.schema()).toMatchObject([
      { path: 'schema.jobs.columns.exitCode', problem: 'The column is of type int, which holds no text' },
    ]);
    await expect(run('stuck_job_cleanup')).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
  });
});

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every row of every table by the job that it is of, read with the plain driver. */
async function rowsOf(sql: Connection): Promise<Rows> {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const table of TABLES) {
    const [found] = await sql.query(`select * from ${table}`);
    for (const row of found as Record<string, unknown>[]) rows[`${table}/${String(row.job_db_inx)}`] = row;
  }
  return rows;
}

/** The new values of what differs; a row that is gone is `deleted`. */
function changesBetween(before: Rows, after: Rows): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const [key, old] of Object.entries(before)) {
    const changed = Object.entries(after[key] ?? {}).filter(([column, value]) => value !== old[column]);
    if (after[key] === undefined) changes[key] = 'deleted';
    else if (changed.length > 0) changes[key] = Object.fromEntries(changed);
  }
  return changes;
}
