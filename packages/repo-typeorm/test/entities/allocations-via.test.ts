import { createStrategies, runPass } from '@jobsweep/core';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { type DataSource, EntitySchema } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeormStore } from '../../src/index.js';
import { dataSourceOf, onEach } from '../support/data-source.js';

const time = { type: 'bigint', nullable: true } as const;
const codec = 'epochMillis';

const Run = new EntitySchema({
  name: 'Run',
  tableName: 'run',
  columns: {
    id: { type: 'int', primary: true },
    name: { type: 'varchar' },
    state: { type: 'varchar' },
    startTime: time,
    endTime: time,
  },
});

const Step = new EntitySchema<Record<string, unknown>>({
  name: 'Step',
  tableName: 'step',
  columns: { number: { type: 'int', primary: true } },
  relations: { run: { type: 'many-to-one', target: 'Run', joinColumn: { name: 'run_id' } } },
});

const Slot = new EntitySchema<Record<string, unknown>>({
  name: 'Slot',
  tableName: 'slot',
  columns: {
    id: { type: 'int', primary: true },
    status: { type: 'varchar' },
    jobId: { name: 'step_number', type: 'int' },
  },
});

describe.each(onEach)('Slots that name a step of their run, in $release TypeORM on $engine', ({ release, engine }) => {
  const database = freshDatabase('via-entities', engine);
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await dataSourceOf(engine, database.url, { release, entities: [Run, Step, Slot] }).initialize();
    await dataSource.synchronize();
  });
  afterAll(() => dataSource.destroy());

  test('are released and deleted with it', async () => {
    const run = { name: 'n', startTime: 0 };
    await dataSource.getRepository(Run).insert([
      { ...run, id: 1, state: 'COMPLETED', endTime: 1 },
      { ...run, id: 2, state: 'RUNNING' },
    ]);
    await dataSource.getRepository(Step).insert([1, 2].map((id) => ({ number: id * 10, run: { id } })));
    const slot = { status: 'ALLOCATED' };
    await dataSource.getRepository(Slot).insert([1, 2].map((id) => ({ ...slot, id, jobId: id * 10 })));
    const store = typeormStore(dataSource, {
      entities: {
        jobs: { target: Run, properties: { errorMsg: null, exitCode: null } },
        allocations: { target: Slot, properties: { allocationTime: null, releasedTime: null } },
      },
      schema: {
        jobs: { columns: { startTime: { column: 'startTime', codec }, endTime: { column: 'endTime', codec } } },
        allocations: { via: { table: 'step', key: 'number', jobId: 'run_id' } },
        dependents: { delete: [{ table: 'step', id: 'number', key: 'run_id' }] },
      },
    });
    expect(await store.inspect.schema()).toEqual([]);
    const done: Record<string, unknown> = {};
    for (const strategy of createStrategies(store, { old_job_cleanup: { enabled: true } })) {
      if (strategy.name === 'stuck_job_cleanup') continue;
      done[strategy.name] = (await runPass(store, strategy)).itemsCleaned;
    }
    expect(done).toMatchObject({ completed_job_cleanup: 1, old_job_cleanup: 1 });
    expect(await dataSource.query('select id, status from slot')).toEqual([{ id: 2, status: 'ALLOCATED' }]);
    expect(await dataSource.query('select number from step')).toEqual([{ number: 20 }]);
  });
});
