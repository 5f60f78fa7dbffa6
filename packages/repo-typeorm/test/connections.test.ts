import { freshDatabase } from '@jobsweep/test-engines/vitest';
import type { DataSource, Logger } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobsweepEntities, typeormStore } from '../src/index.js';
import { dataSourceOf, onEach } from './support/data-source.js';

const notInitialized = expect.objectContaining({
  code: 'INVALID_OPTION',
  message: expect.stringMatching(/dataSource.isInitialized is false: call `await dataSource.initialize\(\)`/),
});

describe.each(onEach)('A data source of $release TypeORM on $engine', ({ release, engine }) => {
  const database = freshDatabase('connections', engine);
  const replica = freshDatabase('connections-replica', engine);
  const entities = jobsweepEntities(engine);
  const open: DataSource[] = [];
  const connect = async (options: Parameters<typeof dataSourceOf>[2] = {}) => {
    const dataSource = dataSourceOf(engine, database.url, { release, entities: Object.values(entities), ...options });
    open.push(dataSource);
    return dataSource.initialize();
  };
  const failStuck = ({ repository, transaction }: ReturnType<typeof typeormStore>) =>
    transaction(async (manager) =>
      repository.markJobsAsFailed(manager, await repository.getStuckJobs(manager, 48), 'Stuck'),
    );

  beforeAll(async () => {
    await (await connect()).synchronize();
  });
  afterAll(() => Promise.all(open.filter(({ isInitialized }) => isInitialized).map((each) => each.destroy())));

  test('that is not initialized is refused: by entities at once, otherwise when it is used', async () => {
    const dataSource = dataSourceOf(engine, database.url, { release, entities: Object.values(entities) });
    expect(() => typeormStore(dataSource, { entities })).toThrow(notInitialized);
    await expect(typeormStore(dataSource).inspect.schema()).rejects.toEqual(notInitialized);
  });

  test('that is destroyed is refused', async () => {
    const dataSource = await connect();
    const store = typeormStore(dataSource, { entities });
    await dataSource.destroy();
    await expect(failStuck(store)).rejects.toEqual(notInitialized);
  });

  test('logs every statement with its parameters, in the way of its user', async () => {
    const logged: { query: string; parameters: unknown }[] = [];
    const logQuery: Logger['logQuery'] = (query, parameters) => void logged.push({ query, parameters });
    const nothing = () => undefined;
    const logger = {
      logQuery,
      logQueryError: nothing,
      logQuerySlow: nothing,
      logSchemaBuild: nothing,
      logMigration: nothing,
      log: nothing,
    };
    const dataSource = await connect({ logger });
    await dataSource
      .getRepository(entities.jobs)
      .save({ state: 'RUNNING', startTime: new Date('2020-02-03T04:05:06Z') });
    logged.length = 0;
    expect(await failStuck(typeormStore(dataSource))).toHaveLength(1);
    const update = logged.find(({ query }) => query.startsWith('update'));
    expect(update?.parameters).toEqual(expect.arrayContaining(['FAILED', 'Stuck', '-2:0', 'RUNNING']));
    expect(logged.map(({ query }) => query)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^select/), 'COMMIT']),
    );
  });

  test('with replicas is used at its master alone, also by reads', async () => {
    const [master, slave] = [{ url: database.url }, { url: replica.url }];
    const dataSource = await connect({ replication: { master, slaves: [slave] } });
    const store = typeormStore(dataSource);
    expect(await store.inspect.schema()).toEqual([]);
    expect(await store.transaction((manager) => store.repository.countStaleReservations(manager, 10))).toBe(0);
    expect(await failStuck(store)).toEqual([]);
    await expect(dataSource.getRepository(entities.jobs).find()).rejects.toThrow(/jobs/);
  });

  test('has no connection beside those of its pool', async () => {
    const dataSource = await connect({ poolSize: 1 });
    const connections = async () => {
      const [row] = await dataSource.query<{ total: string }[]>(
        engine === 'postgres'
          ? 'select count(*) as total from pg_stat_activity where datname = current_database()'
          : 'select count(*) as total from information_schema.processlist where db = database()',
      );
      return Number(row?.total);
    };
    const before = await connections();
    await failStuck(typeormStore(dataSource));
    expect(await connections()).toBe(before);
  });
});
