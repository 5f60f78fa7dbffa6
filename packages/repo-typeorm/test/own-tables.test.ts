import { freshDatabase } from '@jobsweep/test-engines/vitest';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeormStore } from '../src/index.js';
import { dataSourceOf, onEach } from './support/data-source.js';

const REQUEST = { strategy: 'stuck_job_cleanup', holder: 'host-1', termSeconds: 60 };

describe.each(onEach)("jobsweep's own tables with $release TypeORM on $engine", ({ release, engine }) => {
  const database = freshDatabase('own-tables', engine);
  const open: DataSource[] = [];
  const connect = async (options: Parameters<typeof dataSourceOf>[2] = {}) => {
    const dataSource = await dataSourceOf(engine, database.url, { release, ...options }).initialize();
    open.push(dataSource);
    return dataSource;
  };
  let store: ReturnType<typeof typeormStore>;
  beforeAll(async () => {
    store = typeormStore(await connect());
  });
  afterAll(() => Promise.all(open.map((each) => each.destroy())));

  test('are made once, also by two at once, and hold turns', async () => {
    await expect(store.claims.acquire(REQUEST)).rejects.toMatchObject({ code: 'NOT_INITIALIZED' });
    const other = typeormStore(await connect());
    const made = await Promise.all([store.ownTables.create(), other.ownTables.create()]);
    expect(made.flat().sort()).toEqual(['jobsweep_changes', 'jobsweep_claims', 'jobsweep_history']);

    const answers = await Promise.all(
      [store, other].map(({ claims }, index) => claims.acquire({ ...REQUEST, holder: `host-${index}` })),
    );
    const [answer] = answers.filter(({ outcome }) => outcome === 'claimed');
    if (answer?.outcome !== 'claimed') throw new Error('Nobody has the turn');
    await store.transaction((manager) => store.claims.hold(manager, answer.claim));
    expect(await other.claims.list()).toMatchObject([{ holder: answer.claim.holder, isLapsed: false }]);
  });
});

const onPostgres = onEach.filter(({ engine }) => engine === 'postgres');

describe.each(onPostgres)("jobsweep's own tables with $release TypeORM", ({ release, engine }) => {
  const database = freshDatabase('own-tables', engine);

  test('are in the schema of the data source, where no other one is given', async () => {
    const dataSource = await dataSourceOf(engine, database.url, { release, schema: 'ops' }).initialize();
    await dataSource.query('create schema ops');
    const store = typeormStore(dataSource);
    expect(await store.ownTables.create()).toEqual([
      'ops.jobsweep_claims',
      'ops.jobsweep_history',
      'ops.jobsweep_changes',
    ]);
    expect(await store.claims.list()).toEqual([]);
    const { ownTables } = typeormStore(dataSource, { ownTables: { schema: 'public', claims: 'turns' } });
    expect((await ownTables.state()).map(({ table }) => table)).toEqual([
      'public.turns',
      'public.jobsweep_history',
      'public.jobsweep_changes',
    ]);
    await dataSource.destroy();
  });
});
