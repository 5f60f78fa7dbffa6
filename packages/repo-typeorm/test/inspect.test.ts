import type { Rule, StoreDiagnosis } from '@jobsweep/core';
import { STRATEGY_NAMES } from '@jobsweep/core';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobsweepEntities, typeormStore } from '../src/index.js';
import { dataSourceOf, onEach } from './support/data-source.js';

const STUCK: Rule = { name: 'stuck_job_cleanup', maxAgeHours: 48 };

describe.each(onEach)('inspect with the $release TypeORM on $engine', ({ release, engine }) => {
  const database = freshDatabase('typeorm-inspect', engine);
  const open: { dataSource?: DataSource } = {};
  const store = () => {
    if (open.dataSource === undefined) throw new Error('It is opened in beforeAll');
    return typeormStore(open.dataSource);
  };
  const diagnosis = (): StoreDiagnosis => {
    const { diagnosis: found } = store().inspect;
    if (found === undefined) throw new Error('No diagnosis');
    return found;
  };

  beforeAll(async () => {
    const entities = Object.values(jobsweepEntities(engine));
    open.dataSource = await dataSourceOf(engine, database.url, { release, entities }).initialize();
    await open.dataSource.synchronize();
    await open.dataSource.query(
      "insert into jobs (name, state, start_time) values ('a', 'RUNNING', '2025-01-01 00:00:00'), ('b', 'RUNNING', null), ('c', 'HELD', null)",
    );
  });
  afterAll(() => open.dataSource?.destroy());

  test('tells totals and the server', async () => {
    expect(await store().inspect.totals(STUCK)).toMatchObject({ due: 1, population: 2, undated: 1 });
    expect((await store().inspect.server()).version).toMatch(/^\d/);
  });

  test('finds the indexes of the default entities', async () => {
    const advice = await diagnosis().indexes(STRATEGY_NAMES);
    expect(advice).toHaveLength(5);
    expect(advice.map(({ servedBy }) => servedBy)).not.toContain(null);
  });

  test('makes an index outside of a transaction, which its signal ends', async () => {
    const { createIndex, indexes } = diagnosis();
    const advice = (await indexes(['stuck_job_cleanup'])).find(({ name }) => name === 'jobsweep_jobs_running');
    if (advice === undefined) throw new Error('No advice');
    await open.dataSource?.query(
      engine === 'postgres' ? `drop index ${advice.name}` : `drop index ${advice.name} on jobs`,
    );
    await createIndex(advice);
    expect((await indexes(['stuck_job_cleanup'])).map(({ servedBy }) => servedBy)).not.toContain(null);

    await open.dataSource?.query(
      engine === 'postgres' ? `drop index ${advice.name}` : `drop index ${advice.name} on jobs`,
    );
    const other = open.dataSource?.createQueryRunner();
    await other?.startTransaction();
    await other?.query("update jobs set name = 'held' where state = 'HELD'");
    const stop = new AbortController();
    try {
      const made = typeormStore(open.dataSource as DataSource, {
        lockTimeoutSeconds: 60,
      }).inspect.diagnosis?.createIndex(advice, { signal: stop.signal });
      made?.catch(() => undefined);
      await untilBuilding();
      stop.abort();
      await expect(made).rejects.toMatchObject({ code: 'ABORTED' });
    } finally {
      await other?.rollbackTransaction();
      await other?.release();
    }
    await createIndex(advice);
    expect((await indexes(['stuck_job_cleanup'])).map(({ servedBy }) => servedBy)).not.toContain(null);
  });

  /** Waits until the server says that the index waits for the other transaction. */
  async function untilBuilding(): Promise<void> {
    const query =
      engine === 'postgres'
        ? "select 1 from pg_stat_activity where query like 'CREATE INDEX CONCURRENTLY%' and wait_event_type = 'Lock' and datname = current_database()"
        : "select 1 from information_schema.processlist where info like 'ALTER TABLE%' and state like 'Waiting for table metadata lock%' and db = database()";
    while (((await open.dataSource?.query<unknown[]>(query)) ?? []).length === 0);
  }

  test('tells the rest of the diagnosis', async () => {
    expect(await diagnosis().unknownStates()).toEqual([{ table: 'jobs', value: 'HELD', rows: 1 }]);
    expect(await diagnosis().references()).toMatchObject([{ table: 'resource_allocations', mappedAs: 'allocations' }]);
    expect(await diagnosis().orphans()).toBe(0);
    expect((await diagnosis().cost(STUCK)).plan).toMatch(/jobs|\bj\b/);
    expect(await diagnosis().missingPrivileges({ strategies: STRATEGY_NAMES, ownTables: false })).toEqual([]);
    expect(await diagnosis().grants('janitor', { strategies: ['stuck_job_cleanup'], ownTables: false })).toContainEqual(
      expect.stringMatching(/^GRANT UPDATE .*janitor/),
    );
  });
});
