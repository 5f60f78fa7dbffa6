import { STRATEGY_NAMES } from '@jobsweep/core';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import createKnex from 'knex';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KnexStoreOptions, knexStore } from '../../src/index.js';
import { advisedIndexes } from '../plans/support/large-cluster.js';
import { type InspectedCluster, useCluster } from './support/clusters.js';
import { diagnosisOf } from './support/diagnosis.js';

const adviceOf = (cluster: InspectedCluster, options = {}) =>
  diagnosisOf(cluster.store(options)).indexes(STRATEGY_NAMES);

describe.each(enginesOfRun())('inspect.diagnosis.indexes on %s', (engine) => {
  const isPostgres = engine === 'postgres';

  describe('on the default tables', () => {
    const cluster = useCluster(engine);

    test('are those that the docs advise, and only those of the strategies asked for', async () => {
      const advice = await adviceOf(cluster);
      expect(advice.map(({ name }) => name)).toEqual([
        'jobsweep_allocations_unreleased',
        'jobsweep_allocations_reserved',
        'jobsweep_jobs_running',
        'jobsweep_jobs_finished',
        'jobsweep_allocations_job',
      ]);
      if (isPostgres) {
        const documented = (await advisedIndexes()).map((statement) => statement.replace(/;$/, ''));
        expect(advice.map(({ statement }) => statement)).toEqual(documented);
      } else {
        expect(advice.map(({ statement }) => statement)[2]).toBe(
          'ALTER TABLE `jobs` ADD INDEX `jobsweep_jobs_running` (`state`, `start_time`, `id`), ALGORITHM=INPLACE, LOCK=NONE',
        );
      }
      const few = await diagnosisOf(cluster.store()).indexes(['old_job_cleanup']);
      expect(few.map(({ name }) => name)).toEqual(['jobsweep_jobs_finished', 'jobsweep_allocations_job']);
      expect(few[1]?.strategies).toEqual(['old_job_cleanup']);
    });

    test('of a view are said to be of a view', async () => {
      await cluster.knex.raw('create view seen as select * from jobs');
      const schema = { jobs: { table: 'seen' } };
      const advice = await adviceOf(cluster, { schema }).finally(() => cluster.knex.raw('drop view seen'));
      expect(advice.map(({ isView = false }) => isView)).toEqual([false, false, true, true, false]);
    });

    test('are missing, are made, are there, and may be made again', async () => {
      const { createIndex } = diagnosisOf(cluster.store());
      const before = await adviceOf(cluster);
      // InnoDB made one for the foreign key.
      expect(before.filter(({ servedBy }) => servedBy !== null)).toHaveLength(isPostgres ? 0 : 1);
      const missing = before.filter(({ servedBy }) => servedBy === null);
      for (const advice of missing) await createIndex(advice);
      for (const advice of missing) await createIndex(advice);
      const after = await adviceOf(cluster);
      for (const { name } of missing) expect(after.find((each) => each.name === name)?.servedBy).toBe(name);
      expect(after.every(({ servedBy }) => servedBy !== null)).toBe(true);
    });

    test('are of the newest rows of each group too, where these are kept', async () => {
      const advice = await adviceOf(cluster, { filters: { keepNewest: { count: 5, per: { column: 'note' } } } });
      expect(advice.find(({ name }) => name === 'jobsweep_jobs_newest')?.columns).toEqual(['note', 'end_time', 'id']);
    });

    test('are made once by two who make them at the same time', async () => {
      const [advice] = await adviceOf(cluster, { filters: { ageColumn: 'heartbeat' } }).then((all) =>
        all.filter(({ columns }) => columns.includes('heartbeat')),
      );
      if (advice === undefined) throw new Error('No advice for the heartbeat');
      // The name of the one for the start time is taken by then.
      expect(advice.name).toBe('jobsweep_jobs_running_2');
      const make = () => diagnosisOf(cluster.store()).createIndex(advice);
      await Promise.all([make(), make()]);
      const again = await adviceOf(cluster, { filters: { ageColumn: 'heartbeat' } });
      expect(again.map(({ servedBy }) => servedBy)).toContain(advice.name);
    });
  });

  describe('on tables of other names', () => {
    const long = `auftraege_der_stapelverarbeitung_${'x'.repeat(25)}`;
    const cluster = useCluster(engine, {
      schema: {
        jobs: {
          table: long,
          columns: { state: 'Order', startTime: 'user' },
          states: { RUNNING: "r'1", COMPLETED: ['a', 'b'], FAILED: 'x' },
        },
        allocations: { columns: { jobId: 'job-ref' }, statuses: { ALLOCATED: 'B', RELEASED: 'F' } },
      },
    });

    test('have names in quotes, cut to what the server keeps, and conditions on the mapped values', async () => {
      const { createIndex } = diagnosisOf(cluster.store());
      const advice = await adviceOf(cluster);
      expect(advice).toHaveLength(4);
      for (const { name } of advice) expect(name.length).toBeLessThanOrEqual(isPostgres ? 63 : 64);
      expect(new Set(advice.map(({ name }) => name)).size).toBe(4);
      if (isPostgres) {
        expect(advice[1]?.statement).toMatch(/\("user", id\) WHERE "Order" = 'r''1'$/);
        expect(advice[2]?.statement).toMatch(/WHERE "Order" IN \('a', 'b', 'x'\)$/);
      }
      for (const each of advice) if (each.servedBy === null) await createIndex(each);
      const after = await adviceOf(cluster);
      expect(after.map(({ servedBy }) => servedBy)).not.toContain(null);
    });
  });

  describe('served by others', () => {
    const cluster = useCluster(engine);
    const servedBy = async () =>
      (await adviceOf(cluster)).find(({ name }) => name === 'jobsweep_jobs_running')?.servedBy;
    const withIndex = async (definition: string) => {
      await cluster.knex.raw(`create index mine on jobs ${definition}`);
      try {
        return await servedBy();
      } finally {
        await cluster.knex.raw(isPostgres ? 'drop index mine' : 'drop index mine on jobs');
      }
    };

    test('an index of the state and the same columns serves, one of others does not', async () => {
      expect(await withIndex('(state, start_time, id)')).toBe('mine');
      expect(await withIndex('(state, start_time, id, name)')).toBe('mine');
      expect(await withIndex('(start_time, id)')).toBeNull();
      expect(await withIndex('(state, end_time, start_time)')).toBeNull();
      expect(await withIndex('(state)')).toBeNull();
      // Every index of InnoDB ends with the primary key.
      expect(await withIndex('(state, start_time)')).toBe(isPostgres ? null : 'mine');
      expect(await withIndex('(state, start_time desc, id)')).toBeNull();
    });

    if (isPostgres) {
      test('a partial one serves when its condition is the same', async () => {
        const where = (condition: string) => withIndex(`(start_time, id) where ${condition}`);
        expect(await where("state = 'RUNNING'")).toBe('mine');
        expect(await where("state in ('RUNNING')")).toBe('mine');
        expect(await where("state = any (array['RUNNING'])")).toBe('mine');
        expect(await where("state = 'PENDING'")).toBeNull();
        expect(await where("state in ('RUNNING', 'PENDING')")).toBeNull();
        expect(await where("state <> 'COMPLETED'")).toBeNull();
        expect(await where("state = 'RUNNING' and tenant = 7")).toBeNull();
        expect(await where("note = 'RUNNING'")).toBeNull();
        expect(await where("lower(state) = 'RUNNING'")).toBeNull();
        expect(await withIndex('using hash (start_time)')).toBeNull();
      });
    }
  });

  describe('of states that NULL or a boolean tells', () => {
    const cluster = useCluster(engine);
    const told = {
      NULL: [{ end_time: null }, { end_time: { isNot: null } }, /\(start_time, id\) WHERE end_time IS NULL$/],
      boolean: [{ done: false }, { done: true }, /\(start_time, id\) WHERE done = 'false'$/],
    } as const;
    beforeAll(async () => {
      await cluster.knex.raw('alter table jobs add done boolean');
    });

    test.each(Object.keys(told) as (keyof typeof told)[])(
      'have those of %s alone, and are there once they are made',
      async (by) => {
        const [running, failed, statement] = told[by];
        const states = { RUNNING: { when: running }, FAILED: { when: failed } };
        const free = {
          ALLOCATED: { when: { released_time: null } },
          RELEASED: { when: { released_time: { isNot: null } } },
        };
        const schema = { jobs: { states }, allocations: { statuses: free } };
        const of = async () =>
          (await adviceOf(cluster, { schema })).filter(({ name }) => /running|unreleased/.test(name)).toReversed();
        const [stuck, unreleased] = await of();
        if (isPostgres) {
          expect(stuck?.statement).toMatch(statement);
          expect(unreleased?.statement).toMatch(/\(id\) WHERE released_time IS NULL$/);
        } else expect(stuck?.columns).toEqual([Object.keys(running)[0], 'start_time', 'id']);
        for (const advice of await of()) {
          if (advice.servedBy === null) await diagnosisOf(cluster.store({ schema })).createIndex(advice);
        }
        const made = (await of()).map(({ servedBy }) => servedBy);
        expect(made).not.toContain(null);
        if (isPostgres) await expectUsed(cluster, { schema }, made[0] ?? '');
      },
    );
  });

  describe('for stuck jobs that have to be silent too', () => {
    const cluster = useCluster(engine);

    test('is one by their start', async () => {
      const store = cluster.store({ filters: { ageColumn: 'heartbeat' } });
      const rule = { name: 'stuck_job_cleanup', maxAgeHours: 1 } as const;
      const columnsFor = async (silentMinutes?: number) =>
        (await diagnosisOf(store).indexes([{ ...rule, silentMinutes }]))[0]?.columns.slice(isPostgres ? 0 : 1);
      expect(await columnsFor()).toEqual(['heartbeat', 'id']);
      expect(await columnsFor(15)).toEqual(['start_time', 'id']);
    });
  });

  describe('createIndex', () => {
    const cluster = useCluster(engine);
    const running = async () => {
      const advice = (await adviceOf(cluster)).find(({ name }) => name === 'jobsweep_jobs_running');
      if (advice === undefined) throw new Error('No advice');
      return advice;
    };

    test('ends with its signal while it waits for others, and leaves the connection as it was', async () => {
      await cluster.second.begin();
      const stop = new AbortController();
      try {
        await cluster.seed({ jobs: [{ id: '1', state: 'RUNNING' }] });
        await cluster.second.act({ table: 'jobs', where: { id: '1' }, set: { note: 'held' } });
        const store = cluster.store({ lockTimeoutSeconds: 60 });
        const made = diagnosisOf(store).createIndex(await running(), { signal: stop.signal });
        made.catch(() => undefined);
        await untilBuilding(cluster, engine);
        stop.abort();
        await expect(made).rejects.toMatchObject({ code: 'ABORTED' });
      } finally {
        await cluster.second.end('rollback');
      }
      const setting = isPostgres ? "current_setting('statement_timeout')" : '@@session.lock_wait_timeout';
      const global = isPostgres
        ? "(select reset_val from pg_settings where name = 'statement_timeout')"
        : '@@global.lock_wait_timeout';
      const [row] = await cluster.knex.select(cluster.knex.raw(`${setting} as found, ${global} as given`));
      const { found, given } = row as { found: string; given: string };
      expect(String(found)).toBe(String(given));
    });

    test('makes it again where an unfinished one was left behind', async () => {
      if (isPostgres) {
        const { rows } = await cluster.knex.raw<{ rows: { valid: boolean }[] }>(
          "select indisvalid as valid from pg_index where indexrelid = 'jobsweep_jobs_running'::regclass",
        );
        expect(rows).toEqual([{ valid: false }]);
      }
      const advice = await running();
      expect(advice.servedBy).toBeNull();
      await diagnosisOf(cluster.store()).createIndex(advice);
      expect((await running()).servedBy).toBe('jobsweep_jobs_running');
    });

    if (isPostgres) {
      test('leaves one alone that another one is still making', async () => {
        await cluster.knex.raw('drop index jobsweep_jobs_running');
        const advice = await running();
        await cluster.second.begin();
        try {
          await cluster.seed({ jobs: [{ id: '1', state: 'RUNNING' }] });
          await cluster.second.act({ table: 'jobs', where: { id: '1' }, set: { note: 'held' } });
          const first = diagnosisOf(cluster.store()).createIndex(advice);
          await untilBuilding(cluster, engine);
          const second = diagnosisOf(cluster.store()).createIndex(advice);
          await untilSeen(
            cluster,
            "select 1 as one from pg_stat_activity where query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid() and datname = current_database()",
          );
          await cluster.second.end('rollback');
          await Promise.all([first, second]);
        } finally {
          await cluster.second.end('rollback');
        }
        expect((await running()).servedBy).toBe('jobsweep_jobs_running');
      });
    }

    if (!isPostgres) {
      test('does not make everybody wait behind it for longer than for a lock', async () => {
        await cluster.knex.raw('drop index jobsweep_jobs_running on jobs');
        await cluster.second.begin();
        try {
          await cluster.seed({ jobs: [{ id: '1', state: 'RUNNING' }] });
          await cluster.second.act({ table: 'jobs', where: { id: '1' }, set: { note: 'held' } });
          const made = diagnosisOf(cluster.store({ lockTimeoutSeconds: 1 })).createIndex(await running());
          await expect(made).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
        } finally {
          await cluster.second.end('rollback');
        }
      });
    }
  });
});

/** That PostgreSQL finds stuck jobs by an index, where it has no table to read instead. */
async function expectUsed(cluster: InspectedCluster, options: KnexStoreOptions, index: string): Promise<void> {
  const url = new URL(cluster.url);
  url.searchParams.set('options', '-c enable_seqscan=off -c enable_bitmapscan=off');
  const knex = createKnex({ client: 'pg', connection: url.href });
  const { plan } = await diagnosisOf(knexStore(knex, options)).cost({ name: 'stuck_job_cleanup', maxAgeHours: 1 });
  await knex.destroy();
  expect(plan).toContain(index);
}

/** Waits until the server says that an index is being made. */
async function untilBuilding(cluster: InspectedCluster, engine: string): Promise<void> {
  const query =
    engine === 'postgres'
      ? "select 1 as one from pg_stat_activity where query like 'CREATE INDEX CONCURRENTLY%' and wait_event_type = 'Lock' and datname = current_database()"
      : "select 1 as one from information_schema.processlist where info like 'ALTER TABLE%' and state like 'Waiting for table metadata lock%' and db = database()";
  await untilSeen(cluster, query);
}

/** Waits until a query of the server's own state finds something. */
async function untilSeen({ knex }: InspectedCluster, query: string): Promise<void> {
  for (;;) {
    const seen = await knex.select('*').from(knex.raw(`(${query}) as t`));
    if (seen.length > 0) return;
  }
}
