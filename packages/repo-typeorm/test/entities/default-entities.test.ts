import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JobsweepEntities, jobsweepEntities, typeormStore } from '../../src/index.js';
import { dataSourceOf, onEach } from '../support/data-source.js';

describe.each(onEach)('The default entities of $release TypeORM on $engine', ({ release, engine }) => {
  const database = freshDatabase('default-entities', engine);
  let entities: JobsweepEntities;
  let dataSource: DataSource;

  beforeAll(async () => {
    entities = jobsweepEntities(engine);
    dataSource = await dataSourceOf(engine, database.url, { release, entities: Object.values(entities) }).initialize();
    await dataSource.synchronize();
  });
  afterAll(() => dataSource.destroy());

  test('make tables that need no further change', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('make the tables that the store expects, with and without being named', async () => {
    expect(await typeormStore(dataSource).inspect.schema()).toEqual([]);
    expect(await typeormStore(dataSource, { entities }).inspect.schema()).toEqual([]);
  });

  test('make the indexes that the strategies want, and the foreign key', async () => {
    const runner = dataSource.createQueryRunner();
    const tables = await runner.getTables(['jobs', 'resource_allocations']);
    await runner.release();
    expect(tables.flatMap(({ indices }) => indices.map(({ name }) => name)).sort()).toEqual([
      'jobsweep_allocations_job',
      'jobsweep_allocations_reserved',
      'jobsweep_allocations_unreleased',
      'jobsweep_jobs_finished',
      'jobsweep_jobs_running',
    ]);
    expect(tables.flatMap(({ foreignKeys }) => foreignKeys.map(({ columnNames }) => columnNames))).toEqual([
      ['job_id'],
    ]);
  });

  test('are rows of the user, before and after a repair', async () => {
    const [jobs, allocations] = [
      dataSource.getRepository(entities.jobs),
      dataSource.getRepository(entities.allocations),
    ];
    const { id } = await jobs.save({ name: 'crawl', state: 'RUNNING', startTime: new Date('2020-02-03T04:05:06Z') });
    await allocations.save({ jobId: id, status: 'ALLOCATED' });

    const { repository, transaction } = typeormStore(dataSource, { entities });
    await transaction(async (manager) => {
      const failed = await repository.markJobsAsFailed(manager, await repository.getStuckJobs(manager, 48), 'Stuck');
      await repository.releaseResourcesForJobs(manager, failed);
    });
    expect(await jobs.find()).toMatchObject([
      { id, name: 'crawl', state: 'FAILED', errorMsg: 'Stuck', exitCode: '-2:0' },
    ]);
    expect(await allocations.find({ relations: { job: true } })).toMatchObject([{ status: 'RELEASED', job: { id } }]);
  });
});

describe.runIf(enginesOfRun().includes('postgres'))('A data source with a schema', () => {
  const database = freshDatabase('data-source-schema');

  test('has the tables there, with entities and without', async () => {
    const entities = jobsweepEntities('postgres');
    const options = { schema: 'batch', entities: Object.values(entities) };
    const dataSource = await dataSourceOf('postgres', database.url, options).initialize();
    await dataSource.query('create schema batch');
    await dataSource.synchronize();
    expect(await typeormStore(dataSource, { entities }).inspect.schema()).toEqual([]);
    expect(await typeormStore(dataSource).inspect.schema()).toEqual([]);
    await dataSource.destroy();
  });
});
