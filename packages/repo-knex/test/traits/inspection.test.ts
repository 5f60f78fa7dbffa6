import type { FilterOptions, SchemaOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';

const cluster = useCluster(`${TABLES}
  create domain moment as timestamptz;
  create domain seconds as bigint;
  create table kinds (id bigint primary key, name text, state text, small smallint, short integer, long bigint, exact numeric,
    stamp timestamp, zoned timestamptz, day date, words text, details jsonb, moment moment, seconds seconds,
    start_time timestamptz, end_time timestamptz, error_msg text, exit_code text);
  create schema batch; create table batch.other (like jobs including indexes);
  create table queued (like jobs, primary key (name, id)) partition by list (name);
  create table keyless (like jobs); create view seen as select * from jobs; create materialized view kept as select * from jobs;
  create view joined as select j.* from jobs j join resource_allocations a on a.job_id = j.id;
  create table held (like resource_allocations, name text, primary key (name, id));`);

const findings = (schema?: SchemaOptions) => cluster.store(schema && { schema }).inspect.schema();
const started = (column: string, codec: 'instant' | 'utcDateTime' | 'epochSeconds' | 'epochMillis') =>
  findings({ jobs: { table: 'kinds', columns: { startTime: { column, codec } } } });

describe('inspect.schema', () => {
  test('finds nothing where everything fits', async () => {
    expect(await findings()).toEqual([]);
    expect(await findings({ jobs: { schema: 'batch', table: 'other' }, allocations: null })).toEqual([]);
  });

  test('names a table that is missing, once, and says what to set', async () => {
    expect(await findings({ jobs: { table: 'work' } })).toEqual([
      {
        path: 'schema.jobs.table',
        problem: expect.stringContaining('"work"'),
        fix: expect.stringContaining('schema.jobs.table'),
        mistake: { kind: 'missing', what: 'table', name: 'work', existing: expect.arrayContaining(['jobs', 'kinds']) },
      },
    ]);
    expect(await findings({ allocations: { schema: 'nowhere' } })).toMatchObject([
      { path: 'schema.allocations.table' },
    ]);
  });

  test('names every column that is missing, of both tables', async () => {
    const found = await findings({
      jobs: { columns: { state: 'phase', errorMsg: 'reason', endTime: 'ended' } },
      allocations: { columns: { jobId: 'owner' } },
    });
    expect(found.map(({ path }) => path)).toEqual([
      'schema.jobs.columns.state',
      'schema.jobs.columns.endTime',
      'schema.jobs.columns.errorMsg',
      'schema.allocations.columns.jobId',
    ]);
    expect(found[0]?.problem).toMatch(/"jobs".*"phase"/);
  });

  test('names the columns of filters that are missing, and a heartbeat of another type', async () => {
    const filters = {
      scope: { tenant_id: 7, owner: 'alice' },
      exclude: [{ name: 'cron' }, { pinned: true }],
      ageColumn: { column: 'owner', codec: 'epochSeconds' },
    } as const;
    expect(await cluster.store({ filters }).inspect.schema()).toEqual([
      {
        path: 'filters.scope.tenant_id',
        problem: 'Table "jobs" has no column "tenant_id"',
        fix: 'Set filters.scope.tenant_id to the name of the column',
        mistake: expect.objectContaining({ kind: 'column' }),
      },
      expect.objectContaining({ path: 'filters.exclude.pinned' }),
      {
        path: 'filters.ageColumn',
        problem: expect.stringContaining('text, which holds no epochSeconds'),
        fix: 'Set filters.ageColumn.codec to what the column really holds',
        mistake: { kind: 'type', type: 'text', wanted: 'epochSeconds' },
      },
    ]);
  });

  test('finds all mistakes at once: no key of ids waits until columns are right', async () => {
    const found = await findings({ jobs: { table: 'keyless', columns: { state: 'stat' } } });
    expect(found).toMatchObject([
      { path: 'schema.jobs.columns.state', mistake: { kind: 'column', existing: expect.arrayContaining(['state']) } },
      { path: 'schema.jobs.columns.id' },
    ]);
  });

  test.each(['joined', 'kept'])('calls a view a view where it cannot be written: %s', async (table) => {
    expect(await findings({ jobs: { table } })).toMatchObject([
      { path: 'schema.jobs.table', problem: `"${table}" is a read-only view, which cannot be written` },
    ]);
  });

  test('passes over columns that are said to be absent', async () => {
    expect(await findings({ jobs: { columns: { errorMsg: null, exitCode: null } } })).toEqual([]);
  });

  test.each([
    ['stamp', 'instant', 'timestamp without time zone'],
    ['day', 'instant', 'date'],
    ['words', 'instant', 'text'],
    ['zoned', 'utcDateTime', 'timestamp with time zone'],
    ['long', 'utcDateTime', 'bigint'],
    ['zoned', 'epochSeconds', 'timestamp with time zone'],
    ['small', 'epochSeconds', 'smallint'],
    ['short', 'epochMillis', 'integer'],
    ['stamp', 'epochMillis', 'timestamp without time zone'],
  ] as const)('names a column %s that cannot hold its codec %s', async (column, codec, type) => {
    expect(await started(column, codec)).toEqual([
      {
        path: 'schema.jobs.columns.startTime',
        problem: expect.stringContaining(`${type}, which holds no ${codec}`),
        fix: expect.stringContaining('codec'),
        mistake: { kind: 'type', type, wanted: codec },
      },
    ]);
  });

  test.each([
    ['zoned', 'instant'],
    ['stamp', 'utcDateTime'],
    ['short', 'epochSeconds'],
    ['long', 'epochSeconds'],
    ['exact', 'epochSeconds'],
    ['long', 'epochMillis'],
    ['exact', 'epochMillis'],
    ['moment', 'instant'],
    ['seconds', 'epochSeconds'],
  ] as const)('accepts a column %s with the codec %s', async (column, codec) => {
    expect(await started(column, codec)).toEqual([]);
  });

  test.each([
    ['errorMsg', 'details', 'jsonb'],
    ['exitCode', 'short', 'integer'],
  ] as const)('names a column for the %s that holds no text: %s', async (key, column, type) => {
    expect(await findings({ jobs: { table: 'kinds', columns: { [key]: column } } })).toEqual([
      {
        path: `schema.jobs.columns.${key}`,
        problem: `The column is of type ${type}, which holds no text`,
        fix: `Set schema.jobs.columns.${key} to null, so that none is written, to a column that holds text, or to { column, json } or { column, number }`,
        mistake: { kind: 'type', type, wanted: 'text' },
      },
    ]);
  });

  describe('of ids that no key makes unique', () => {
    const inQueues = (scope?: FilterOptions['scope']) =>
      cluster
        .store({ schema: { jobs: { table: 'queued' }, allocations: null }, ...(scope && { filters: { scope } }) })
        .inspect.schema();

    test('says so, because a write would take every row with the id', async () => {
      expect(await inQueues()).toMatchObject([
        {
          path: 'schema.jobs.columns.id',
          problem: 'Two rows of table "queued" may have the same "id": no key is unique in it alone',
          fix: 'Name the whole key there (id, name), or give filters.scope one value of name, or add a unique index on "id"',
        },
      ]);
      expect(await inQueues({ name: ['mail', 'report'] })).toMatchObject([{ path: 'schema.jobs.columns.id' }]);
      expect(await inQueues({ name: null })).toMatchObject([{ path: 'schema.jobs.columns.id' }]);
    });

    test('finds nothing where the mapping names the whole key', async () => {
      const schema = { jobs: { table: 'queued', columns: { id: ['id', 'name'] } }, allocations: null };
      expect(await cluster.store({ schema }).inspect.schema()).toEqual([]);
    });

    test('takes no scope for a part of the key where rows of other tables name jobs', async () => {
      const filters = { scope: { name: 'mail' } };
      const dependents = { delete: [{ table: 'held', key: 'id' }] };
      for (const schema of [
        { jobs: { table: 'queued' } },
        { jobs: { table: 'queued' }, allocations: null, dependents },
      ])
        expect((await cluster.store({ schema, filters }).inspect.schema()).map(({ path }) => path)).toContain(
          'schema.jobs.columns.id',
        );
    });

    test('finds nothing where the scope allows one value of the rest of a key', async () => {
      expect(await inQueues({ name: 'mail' })).toEqual([]);
    });

    test.each([
      ['a condition', "create unique index id_key on keyless (id) where state = 'RUNNING'"],
      ['an expression', 'create unique index id_key on keyless ((id + 1))'],
      ['another column besides', 'create unique index id_key on keyless (id, end_time)'],
      ['no uniqueness', 'create index id_key on keyless (id) include (name)'],
    ])('does not count an index with %s', async (_what, index) => {
      await cluster.sql.query(index);
      const found = await findings({ jobs: { table: 'keyless' } }).finally(() =>
        cluster.sql.query('drop index id_key'),
      );
      expect(found).toMatchObject([
        { path: 'schema.jobs.columns.id', fix: expect.stringContaining('unique index on "id"') },
      ]);
    });

    test('counts a unique index that carries other columns, and asks nothing of a view', async () => {
      await cluster.sql.query('create unique index id_key on keyless (id) include (name)');
      const found = await findings({ jobs: { table: 'keyless' } }).finally(() =>
        cluster.sql.query('drop index id_key'),
      );
      expect(found).toEqual([]);
      expect(await findings({ jobs: { table: 'seen' } })).toEqual([]);
    });

    test('looks at allocations by their own key, whatever the scope of the jobs is', async () => {
      const store = cluster.store({
        schema: { allocations: { table: 'held' } },
        filters: { scope: { name: 'mail' } },
      });
      expect(await store.inspect.schema()).toMatchObject([
        {
          path: 'schema.allocations.columns.id',
          fix: expect.stringMatching(/^Name the whole key there \(.*\), or add a unique index on "id"$/),
        },
      ]);
    });
  });

  test('reads no row and changes nothing: it works while somebody holds every row', async () => {
    await cluster.sql.query("insert into jobs (id, state) values (1, 'RUNNING')");
    await cluster.other.query('begin; select from jobs for update; lock table jobs in row exclusive mode');
    expect(await findings().finally(() => cluster.other.query('rollback'))).toEqual([]);
  });

  test('stops when its signal has fired', async () => {
    const look = cluster.store().inspect.schema({ signal: AbortSignal.abort() });
    await expect(look).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
