import {
  CompletedJobCleanupStrategy,
  OldJobCleanupStrategy,
  OrphanedAllocationCleanupStrategy,
  planRestore,
  Restore,
  runPass,
  type SchemaOptions,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
} from '@jobsweep/core';
import { expect, test } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

const HOUR = 3_600_000;
const VIA = { table: 'steps', key: 'step', jobId: 'run' } as const;
const schema: SchemaOptions = {
  jobs: { table: 'runs', columns: { errorMsg: null, exitCode: null } },
  allocations: { table: 'slots', columns: { jobId: 'held_by' }, via: VIA },
};
const withSteps: SchemaOptions = { ...schema, dependents: { delete: [{ table: 'steps', id: 'step', key: 'run' }] } };

describeOnEngines(
  'allocations that name a step of their job',
  ({ time }) => ({
    runs: `id int primary key, name varchar(40), state varchar(20), start_time ${time}, end_time ${time}`,
    steps: 'step int primary key, run int, foreign key (run) references runs (id)',
    slots: `id int primary key, held_by int, status varchar(20), allocation_time ${time}, released_time ${time}`,
  }),
  (of) => {
    const ago = (hours: number) => {
      const text = new Date(Date.now() - hours * HOUR).toISOString().replace('T', ' ');
      return of.isPostgres ? text : text.replace('Z', '');
    };
    /** A run with two steps, whose numbers are ten and one more times its own; each slot of it is held by one of them. */
    const seed = async (id: number, state: string, ...slots: readonly (readonly [status: string, hours: number])[]) => {
      const end = ['COMPLETED', 'FAILED'].includes(state) ? ago(2000) : null;
      await of.knex('runs').insert({ id, name: `run ${id}`, state, start_time: ago(3000), end_time: end });
      await of.knex('steps').insert([
        { step: id * 10, run: id },
        { step: id * 10 + 1, run: id },
      ]);
      for (const [index, [status, hours]] of slots.entries()) {
        const held = { held_by: id * 10 + (index % 2), status, allocation_time: ago(hours) };
        await of.knex('slots').insert({ id: id * 100 + index, ...held });
      }
    };
    const slotsIn = (status: string) => of.knex('slots').where({ status }).orderBy('id').pluck<number[]>('id');
    const runsIn = (state: string) => of.knex('runs').where({ state }).orderBy('id').pluck<number[]>('id');
    const store = (given = schema) => of.store({ schema: given });

    test('are released when it is finished, and named by it', async () => {
      await seed(1, 'COMPLETED', ['ALLOCATED', 5], ['RESERVED', 5], ['RELEASED', 5]);
      await seed(2, 'RUNNING', ['ALLOCATED', 5]);
      await seed(3, 'FAILED', ['ALLOCATED', 5]);
      await of.knex('slots').insert({ id: 900, held_by: null, status: 'ALLOCATED' });
      expect(await store().inspect.schema()).toEqual([]);
      const found = await of.within({ schema }, (repository, trx) =>
        repository.getCompletedJobsWithUnreleasedResources(trx),
      );
      expect(found.map(({ id, jobId, job }) => [id, jobId, job.name])).toEqual([
        ['100', '1', 'run 1'],
        ['101', '1', 'run 1'],
        ['300', '3', 'run 3'],
      ]);
      const rule = { name: 'completed_job_cleanup' } as const;
      expect(await store().inspect.totals(rule)).toMatchObject({ due: 3, population: 4 });
      expect(await runPass(store(), new CompletedJobCleanupStrategy(store().repository))).toMatchObject({
        itemsCleaned: 3,
      });
      expect(await slotsIn('ALLOCATED')).toEqual([200, 900]);
    });

    test('are left alone where their step has gone to another job since they were read', async () => {
      await seed(1, 'COMPLETED', ['ALLOCATED', 5], ['ALLOCATED', 5]);
      await seed(2, 'RUNNING');
      await of.within({ schema }, async (repository, trx) => {
        const found = await repository.getCompletedJobsWithUnreleasedResources(trx);
        await of.knex('steps').where({ step: 10 }).update({ run: 2 });
        expect(await repository.releaseResourcesForCompletedJobs(trx, found)).toBe(1);
      });
      expect(await slotsIn('RELEASED')).toEqual([101]);
    });

    test('keep their job alive through any of its steps, and are given back with it', async () => {
      await seed(1, 'RUNNING', ['RESERVED', 5], ['RESERVED', 5]);
      await seed(2, 'RUNNING', ['RESERVED', 5], ['ALLOCATED', 5]);
      await seed(3, 'RUNNING', ['RESERVED', 5], ['RESERVED', 0.1]);
      const strategy = new StaleReservationCleanupStrategy(store().repository);
      expect(await runPass(store(), strategy)).toMatchObject({ itemsFound: 2, itemsCleaned: 2 });
      expect([await runsIn('FAILED'), await slotsIn('RELEASED')]).toEqual([[1], [100, 101]]);
      expect(await runPass(store(), new StuckJobCleanupStrategy(store().repository))).toMatchObject({
        itemsCleaned: 2,
      });
      expect([await runsIn('RUNNING'), await slotsIn('RELEASED')]).toEqual([[], [100, 101, 200, 201, 300, 301]]);
    });

    test('are locked apart from their step, and skipped where others hold them', async () => {
      await seed(1, 'COMPLETED', ['ALLOCATED', 5], ['ALLOCATED', 5]);
      const trx = await of.knex.transaction();
      try {
        await trx('slots')
          .where({ id: 100 })
          .update({ released_time: ago(1) });
        await trx('steps').where({ step: 11 }).update({ run: 1 });
        const result = await runPass(store(), new CompletedJobCleanupStrategy(store().repository));
        expect(result).toMatchObject({ itemsCleaned: 1, itemsContended: 1 });
      } finally {
        await trx.rollback();
      }
      expect(await slotsIn('RELEASED')).toEqual([101]);
    });

    test('keep their job from being deleted, and go before the step that tells whose they are', async () => {
      await seed(1, 'COMPLETED', ['RELEASED', 5], ['RELEASED', 5]);
      await seed(2, 'COMPLETED', ['RELEASED', 5], ['ALLOCATED', 5]);
      await seed(3, 'COMPLETED');
      const purge = (given: SchemaOptions) => runPass(store(given), new OldJobCleanupStrategy(store(given).repository));
      expect(await purge(schema)).toMatchObject({ itemsCleaned: 0, itemsBlocked: 2 });
      expect(await slotsIn('RELEASED')).toEqual([100, 101, 200]);
      const rule = { name: 'old_job_cleanup', maxAgeDays: 30 } as const;
      expect(await store().inspect.totals(rule, { holding: true })).toMatchObject({ due: 3, holding: 1 });
      expect(await purge(withSteps)).toMatchObject({ itemsCleaned: 2, itemsBlocked: 0 });
      expect(await runsIn('COMPLETED')).toEqual([2]);
      expect(await of.knex('slots').orderBy('id').pluck('id')).toEqual([200, 201]);
      expect(await of.knex('steps').orderBy('step').pluck('step')).toEqual([20, 21]);
    });

    test('go before their step where a job has more of them than one statement takes', async () => {
      await seed(1, 'COMPLETED');
      const slots = Array.from({ length: 5001 }, (_slot, id) => ({ id, held_by: 10, status: 'RELEASED' }));
      await of.knex.batchInsert('slots', slots, 1000);
      const { repository } = store(withSteps);
      expect(await runPass(store(withSteps), new OldJobCleanupStrategy(repository))).toMatchObject({ itemsCleaned: 1 });
      expect(await of.knex('slots').pluck('id')).toEqual([]);
    });

    test('are kept with their job and its steps alone, and come back with them or not at all', async () => {
      const archiving = { ...withSteps, archive: true };
      const { repository, archive, inspect } = store(archiving);
      const [tables, archives] = [
        ['runs', 'steps', 'slots'],
        ['runs_archive', 'steps_archive', 'slots_archive'],
      ];
      await archive?.create();
      try {
        expect(await inspect.schema()).toEqual([]);
        const purge = () => runPass(store(archiving), new OldJobCleanupStrategy(repository));
        const restore = () => runPass(store(archiving), new Restore(store(archiving)));
        const rowsOf = (some: readonly string[]) => Promise.all(some.map((table) => of.knex(table).orderBy(1)));
        await seed(1, 'COMPLETED', ['RELEASED', 5], ['RELEASED', 5], ['RELEASED', 5]);
        expect(await purge()).toMatchObject({ itemsCleaned: 1, itemsBlocked: 0 });
        await seed(1, 'COMPLETED', ['RELEASED', 5]);
        await of.knex('steps').where({ step: 11 }).delete();
        await seed(2, 'COMPLETED', ['RELEASED', 5]);
        const before = await rowsOf(tables);
        expect(await purge()).toMatchObject({ itemsCleaned: 2, itemsBlocked: 0 });
        expect(await rowsOf(archives)).toEqual(before);

        await of.knex('slots').insert({ id: 100, held_by: null, status: 'RELEASED' });
        expect(await planRestore(store(archiving), {})).toEqual({
          restored: 1,
          staying: { rows: 1, first: [{ table: 'slots', rowId: '100' }] },
        });
        expect(await restore()).toMatchObject({ itemsCleaned: 1, itemsBlocked: 0 });
        await of.knex('slots').where({ id: 100 }).delete();
        expect(await restore()).toMatchObject({ itemsCleaned: 1, itemsBlocked: 0 });
        expect(await rowsOf(tables)).toEqual(before);
        expect(await rowsOf(archives)).toEqual([[], [], []]);
      } finally {
        for (const table of archives) await of.knex.schema.dropTableIfExists(table);
      }
    });

    test('are orphans when their step is gone', async () => {
      await seed(1, 'RUNNING', ['ALLOCATED', 5], ['ALLOCATED', 5]);
      await of.knex('steps').where({ step: 11 }).delete();
      await of.knex('slots').insert({ id: 900, held_by: null, status: 'ALLOCATED', allocation_time: ago(5) });
      const found = await of.within({ schema }, (repository, trx) => repository.getOrphanedAllocations(trx, 60));
      expect(found.map(({ id, jobId }) => [id, jobId])).toEqual([['101', 'steps 11']]);
      const strategy = new OrphanedAllocationCleanupStrategy(store().repository);
      expect(await runPass(store(), strategy)).toMatchObject({ itemsCleaned: 1 });
      expect(await slotsIn('RELEASED')).toEqual([101]);
    });

    test('have a table between them whose columns are there and whose key is one', async () => {
      const via = (option: object): SchemaOptions => ({
        ...schema,
        allocations: { ...schema.allocations, via: { ...VIA, ...option } },
      });
      const pathsOf = async (given: SchemaOptions) => (await store(given).inspect.schema()).map(({ path }) => path);
      expect(await pathsOf(via({ key: 'run' }))).toEqual(['schema.allocations.via.key']);
      expect(await pathsOf(via({ jobId: 'job' }))).toEqual(['schema.allocations.via.jobId']);
      expect(await pathsOf(via({ table: 'step' }))).toEqual(['schema.allocations.via.table']);
      expect(() => store(via({ key: ['run', 'step'] }))).toThrow(/schema.allocations.columns.jobId names held_by/);
      expect(() => store(via({ on: 'run' }))).toThrow(/schema.allocations.via.on is not an option/);
      const advised = await store().inspect.diagnosis?.indexes(['old_job_cleanup']);
      expect(advised?.map(({ columns }) => columns)).toEqual(expect.arrayContaining([['held_by']]));
    });

    test('have their states looked at too', async () => {
      await seed(1, 'RUNNING', ['BROKEN', 5]);
      const options = { filters: { scope: { name: 'run 1' } }, schema };
      const unknown = await of.store(options).inspect.diagnosis?.unknownStates();
      expect(unknown).toMatchObject([{ value: 'BROKEN', rows: 1 }]);
    });
  },
);
