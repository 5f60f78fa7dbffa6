import { randomBytes } from 'node:crypto';
import { createStrategies, type Rule, runPass, type SchemaOptions, STRATEGY_NAMES } from '@jobsweep/core';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KnexStoreOptions } from '../../src/index.js';
import { useCluster } from './support/clusters.js';
import { diagnosisOf } from './support/diagnosis.js';

/** Names that some part of a library, or of a server's answer, would read as more than a name. */
const SCHEMA: SchemaOptions = {
  jobs: {
    table: 'a.b c as d? "e" `f`',
    columns: {
      id: 'j.id',
      name: 'j.name as x',
      state: `State's "it" = ANY ?`,
      startTime: 'be.gan ??',
      endTime: 'end "at"::text',
      errorMsg: ' `error` (1)',
      exitCode: 'exit \\ [0]',
    },
  },
  allocations: {
    table: 'Held::by.jobs',
    columns: { id: '*', jobId: 'job -- id', status: 'st.atus', allocationTime: 'since:now:', releasedTime: '{until}' },
  },
};
const OPTIONS: KnexStoreOptions = {
  schema: SCHEMA,
  filters: { scope: { tenant: 7 }, exclude: { 'keep. as ?': 1 }, ageColumn: 'last.seen ?' },
  touch: { jobs: { increment: ['rev.ision as ?'], now: ['changed.at ??'] } },
};
/** Those that filters leave possible. */
const RULES: readonly Rule[] = [
  { name: 'completed_job_cleanup' },
  { name: 'stale_reservation_cleanup', maxAgeMinutes: 10 },
  { name: 'stuck_job_cleanup', maxAgeHours: 48 },
  { name: 'old_job_cleanup', maxAgeDays: 30 },
];
const ALL = { strategies: STRATEGY_NAMES, ownTables: false };
const LONG_AGO = '2025-01-01T00:00:00.000000Z';

describe.each(enginesOfRun())('tables and columns of any name on %s', (engine) => {
  const isPostgres = engine === 'postgres';
  const cluster = useCluster(engine, { schema: SCHEMA });
  const store = () => cluster.store(OPTIONS);
  const mark = isPostgres ? '"' : '`';
  const quoted = (name: string) => `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;
  const jobs = quoted(SCHEMA.jobs?.table ?? '');
  const run = (statement: string) => cluster.knex.raw(isPostgres ? statement.replaceAll('?', '\\?') : statement);

  beforeAll(async () => {
    const time = isPostgres ? 'timestamptz' : 'datetime(6)';
    const columns = {
      'keep. as ?': 'int',
      'last.seen ?': time,
      'rev.ision as ?': 'int default 1',
      'changed.at ??': time,
    };
    for (const [name, type] of Object.entries(columns)) await run(`alter table ${jobs} add ${quoted(name)} ${type}`);
  });

  beforeEach(async () => {
    const job = (id: string, row: object) => ({ id, tenant: '7', name: 'crawl', ...row });
    await cluster.seed({
      jobs: [
        job('1', { state: 'COMPLETED' }),
        job('2', { state: 'RUNNING' }),
        job('3', { state: 'RUNNING', startTime: LONG_AGO }),
        job('4', { state: 'FAILED', endTime: LONG_AGO }),
      ],
      allocations: [
        { id: '1', jobId: '1', status: 'ALLOCATED' },
        { id: '2', jobId: '2', status: 'RESERVED', allocationTime: LONG_AGO },
        { id: '3', jobId: '3', status: 'ALLOCATED' },
        { id: '4', jobId: '4', status: 'RELEASED' },
      ],
    });
    await run(`update ${jobs} set ${quoted('last.seen ?')} = ${quoted('be.gan ??')}`);
  });

  test('are cleaned by every strategy', async () => {
    const cleaned: Record<string, number> = {};
    for (const strategy of createStrategies(store(), { old_job_cleanup: { enabled: true } })) {
      cleaned[strategy.name] = (await runPass(store(), strategy)).itemsCleaned;
    }
    expect(cleaned).toEqual(Object.fromEntries(RULES.map(({ name }) => [name, 1])));
    const { jobs: left, allocations } = await cluster.read();
    expect(left.map(({ id, state, exitCode }) => [id, state, exitCode])).toEqual([
      ['1', 'COMPLETED', null],
      ['2', 'FAILED', '-3:0'],
      ['3', 'FAILED', '-2:0'],
    ]);
    expect(allocations.map(({ status }) => status)).toEqual(['RELEASED', 'RELEASED', 'RELEASED']);
    const changed = `${quoted('rev.ision as ?')} = 2 and ${quoted('changed.at ??')} is not null`;
    const touched = await cluster.knex
      .select('*')
      .from(cluster.knex.raw('? as t', [run(`(select 1 from ${jobs} where ${changed})`)]));
    expect(touched).toHaveLength(2);
  });

  test('are inspected', async () => {
    const { inspect } = store();
    const look = diagnosisOf(store());
    expect(await inspect.schema()).toEqual([]);
    expect(await look.unknownStates()).toEqual([]);
    expect(await look.orphans()).toBe(0);
    expect(await look.missingPrivileges(ALL)).toEqual([]);
    // The cluster has tables for an archive, too, which this store is not told of.
    const references = (await look.references())?.filter(({ table }) => !table.endsWith('_archive'));
    expect(references).toMatchObject([{ columns: ['job -- id'], mappedAs: 'allocations' }]);
    for (const rule of RULES) {
      expect(await inspect.totals(rule)).toMatchObject({ due: 1 });
      expect((await look.cost(rule)).plan).not.toBe('');
    }
    const wrong = {
      ...OPTIONS,
      schema: { ...SCHEMA, jobs: { ...SCHEMA.jobs, columns: { ...SCHEMA.jobs?.columns, name: 'j.nam' } } },
    };
    expect(await cluster.store(wrong).inspect.schema()).toMatchObject([{ path: 'schema.jobs.columns.name' }]);
  });

  test('get their indexes and grants', async () => {
    const { indexes, createIndex, grants } = diagnosisOf(store());
    for (const advice of await indexes(STRATEGY_NAMES)) if (advice.servedBy === null) await createIndex(advice);
    expect((await indexes(STRATEGY_NAMES)).map(({ servedBy }) => servedBy)).not.toContain(null);
    const user = `janitor_${randomBytes(5).toString('hex')}`;
    await run(isPostgres ? `create role ${user}` : `create user ${user}@'%'`);
    try {
      for (const grant of await grants(user, ALL)) await run(grant);
    } finally {
      if (isPostgres) await run(`drop owned by ${user}`);
      await run(isPostgres ? `drop role ${user}` : `drop user ${user}@'%'`);
    }
  });
});
