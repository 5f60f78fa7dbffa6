import { createStrategies, runPass } from '@jobsweep/core';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { type DataSource, EntitySchema } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { typeormStore } from '../../src/index.js';
import { dataSourceOf, onEach } from '../support/data-source.js';

const NOW = new Date('2026-02-10T12:00:00.000Z');
const clock = { now: () => NOW };
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

const epoch = { type: 'bigint', nullable: true } as const;
const times = { codec: 'epochMillis' } as const;

const Task = new EntitySchema({
  name: 'Task',
  tableName: 'task',
  columns: {
    dag: { type: 'varchar', length: 40, primary: true },
    run: { type: 'int', primary: true },
    name: { type: 'varchar' },
    state: { type: 'varchar' },
    startTime: epoch,
    endTime: epoch,
  },
});

/** Its key and its relation name the parts in another order than the task does. */
const Slot = new EntitySchema<Record<string, unknown>>({
  name: 'Slot',
  tableName: 'slot',
  columns: {
    id: { name: 'number', type: 'int', primary: true },
    dagName: { type: 'varchar', length: 40, primary: true },
    status: { type: 'varchar' },
    allocationTime: epoch,
    releasedTime: epoch,
  },
  relations: {
    task: {
      type: 'many-to-one',
      target: 'Task',
      createForeignKeyConstraints: false,
      joinColumn: [
        { name: 'task_run', referencedColumnName: 'run' },
        { name: 'task_dag', referencedColumnName: 'dag' },
      ],
    },
  },
});

describe.each(onEach)('Entities with keys of several columns in $release TypeORM on $engine', ({ release, engine }) => {
  const database = freshDatabase('composite-keys', engine);
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await dataSourceOf(engine, database.url, { release, entities: [Task, Slot] }).initialize();
    await dataSource.synchronize();
  });
  afterAll(() => dataSource.destroy());
  beforeEach(async () => {
    for (const table of ['slot', 'task']) await dataSource.query(`delete from ${table}`);
    const tasks = dataSource.getRepository(Task);
    const task = { name: 'n', startTime: ago(72).getTime() };
    await tasks.insert([
      { ...task, dag: 'mail', run: 1, state: 'RUNNING' },
      { ...task, dag: 'mail', run: 2, state: 'COMPLETED', endTime: ago(1).getTime() },
      { ...task, dag: 'sync', run: 2, state: 'RUNNING', startTime: ago(1).getTime() },
    ]);
    const slots = dataSource.getRepository(Slot);
    const slot = { status: 'ALLOCATED', allocationTime: ago(1).getTime() };
    const of = (dag: string, run: number) => ({ task: { dag, run } });
    await slots.insert([
      { ...slot, dagName: 'mail', id: 1, ...of('mail', 1) },
      { ...slot, dagName: 'mail', id: 2, ...of('mail', 2) },
      { ...slot, dagName: 'sync', id: 2, ...of('sync', 2) },
    ]);
  });

  const store = () =>
    typeormStore(dataSource, {
      clock,
      entities: { jobs: { target: Task, properties: { errorMsg: null, exitCode: null } }, allocations: Slot },
      schema: {
        jobs: { columns: { startTime: { column: 'startTime', ...times }, endTime: { column: 'endTime', ...times } } },
        allocations: {
          columns: {
            allocationTime: { column: 'allocationTime', ...times },
            releasedTime: { column: 'releasedTime', ...times },
          },
        },
      },
    });

  test('map themselves, and the relation between them', async () => {
    const { inspect, repository, transaction } = store();
    expect(await inspect.schema()).toEqual([]);
    const [stuck] = await transaction((manager) => repository.getStuckJobs(manager, 48));
    expect(stuck).toMatchObject({ id: '["mail","1"]', state: 'RUNNING' });
    const [leaked] = await transaction((manager) => repository.getCompletedJobsWithUnreleasedResources(manager));
    expect(leaked).toMatchObject({ id: '["2","mail"]', jobId: '["mail","2"]', job: { id: '["mail","2"]' } });
  });

  test('are repaired row by row, and no row beside them', async () => {
    const own = store();
    for (const strategy of createStrategies(own, { old_job_cleanup: { enabled: true } })) await runPass(own, strategy);
    const rows = async (query: string) => (await dataSource.query<{ line: string }[]>(query)).map(({ line }) => line);
    expect(await rows("select concat(dag, ' ', run, ' ', state) as line from task order by dag, run")).toEqual([
      'mail 1 FAILED',
      'mail 2 COMPLETED',
      'sync 2 RUNNING',
    ]);
    const slots = "select concat(task_dag, ' ', task_run, ' ', status) as line from slot order by task_dag, task_run";
    expect(await rows(slots)).toEqual(['mail 1 RELEASED', 'mail 2 RELEASED', 'sync 2 ALLOCATED']);
  });
});
