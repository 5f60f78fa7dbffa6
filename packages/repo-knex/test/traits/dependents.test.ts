import {
  createStrategies,
  DriverRepository,
  OldJobCleanupStrategy,
  resolveSchema,
  runPass,
  type SchemaOptions,
  type Tx,
} from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const LOGS = {
  table: 'logs',
  key: 'job_id',
  dependents: [{ table: 'log_lines', id: ['log_id', 'no'], key: 'log_id' }],
};
const DELETED: SchemaOptions['dependents'] = { delete: [LOGS, { table: 'marks', id: 'mark', key: 'job_id' }] };
const KEPT: SchemaOptions['dependents'] = {
  keep: [{ table: 'annotations', key: 'job_id', where: { kind: 'keep' } }],
};

for (const engine of enginesOfRun()) {
  const [client, time] = engine === 'postgres' ? ['pg', 'timestamptz'] : ['mysql2', 'datetime(6)'];

  describe(`On ${engine}, what hangs on jobs`, () => {
    const database = freshDatabase('dependents', engine);
    const open: { knex?: Knex; other?: Knex } = {};
    const knex = () => {
      if (open.knex === undefined) throw new Error('knex is made in beforeAll');
      return open.knex;
    };
    const other = () => {
      if (open.other === undefined) throw new Error('the other one is made in beforeAll');
      return open.other;
    };
    const store = (dependents?: SchemaOptions['dependents']) =>
      knexStore(knex(), { schema: { ...(dependents && { dependents }) } });

    /** A pass of old_job_cleanup, with what it reports. */
    const purge = async (dependents: SchemaOptions['dependents']) => {
      const own = store(dependents);
      const [strategy] = createStrategies(own, { old_job_cleanup: { enabled: true } }).filter(
        ({ name }) => name === 'old_job_cleanup',
      );
      if (strategy === undefined) throw new Error('there is no such strategy');
      return runPass(own, strategy, { pauseFraction: 0 });
    };
    const rowsIn = async (...tables: readonly string[]) =>
      Object.fromEntries(
        await Promise.all(tables.map(async (table) => [table, Number((await knex()(table).count({ n: '*' }))[0]?.n)])),
      ) as Record<string, number>;
    const jobsThere = async () => (await knex()('jobs').orderBy('id').pluck<(number | string)[]>('id')).map(String);

    beforeAll(async () => {
      const connect = () => createKnex({ client, connection: database.url, pool: { min: 0, max: 4 } });
      [open.knex, open.other] = [connect(), connect()];
      await knex().raw(
        `create table jobs (id int primary key, name varchar(40), state varchar(40), start_time ${time}, end_time ${time},
           error_msg text, exit_code text)`,
      );
      await knex().raw(
        `create table resource_allocations (id int primary key, job_id int references jobs (id), status varchar(40),
           allocation_time ${time}, released_time ${time})`,
      );
      // The lines have a foreign key, as the marks have; of the logs nobody knows but the mapping.
      await knex().raw('create table logs (id int primary key, job_id int, text text)');
      await knex().raw('create index logs_job on logs (job_id)');
      await knex().raw(
        'create table log_lines (log_id int, no int, primary key (log_id, no), foreign key (log_id) references logs (id))',
      );
      await knex().raw(
        'create table marks (mark int primary key, job_id int, foreign key (job_id) references jobs (id), of_allocation int, foreign key (of_allocation) references resource_allocations (id))',
      );
      await knex().raw('create index marks_job on marks (job_id)');
      await knex().raw('create table annotations (job_id int, kind varchar(40))');
      await knex().raw('create table notes (id varchar(40) unique, job_id int)');
    });
    afterAll(() => Promise.all([open.knex?.destroy(), open.other?.destroy()]));
    beforeEach(async () => {
      for (const table of ['notes', 'annotations', 'marks', 'log_lines', 'logs', 'resource_allocations', 'jobs'])
        await knex()(table).delete();
      const ended = '2020-01-02 00:00:00';
      await knex()('jobs').insert([
        ...[1, 2, 3].map((id) => ({ id, state: 'COMPLETED', start_time: ended, end_time: ended })),
        { id: 4, state: 'RUNNING', start_time: ended },
      ]);
      await knex()('resource_allocations').insert([{ id: 1, job_id: 1, status: 'RELEASED' }]);
      await knex()('logs').insert([1, 2, 3, 4].map((id) => ({ id: id * 10, job_id: id })));
      await knex()('log_lines').insert([1, 2, 3, 4].flatMap((id) => [0, 1].map((no) => ({ log_id: id * 10, no }))));
      await knex()('marks').insert([{ mark: 7, job_id: 1 }]);
    });

    test('goes before them, and what hangs on it before that', async () => {
      expect(await store(DELETED).inspect.schema()).toEqual([]);
      expect(await purge(DELETED)).toMatchObject({ itemsCleaned: 3, itemsBlocked: 0 });
      expect(await jobsThere()).toEqual(['4']);
      expect(await rowsIn('logs', 'log_lines', 'marks', 'resource_allocations')).toEqual({
        logs: 1,
        log_lines: 2,
        marks: 0,
        resource_allocations: 0,
      });
    });

    test('goes before allocations that it names, also where a job has more of these than one statement takes', async () => {
      const more = Array.from({ length: 5001 }, (_row, index) => ({ id: index + 2, job_id: 1, status: 'RELEASED' }));
      await knex().batchInsert('resource_allocations', more, 1000);
      await knex()('marks').update({ of_allocation: 2 });
      expect(await purge(DELETED)).toMatchObject({ itemsCleaned: 3, itemsBlocked: 0 });
      expect(await rowsIn('marks', 'resource_allocations')).toEqual({ marks: 0, resource_allocations: 0 });
    });

    test('keeps a job that has a row which says so, and no other', async () => {
      await knex()('annotations').insert([
        { job_id: 2, kind: 'keep' },
        { job_id: 3, kind: 'note' },
        { job_id: 9, kind: 'keep' },
      ]);
      await knex()('marks').delete();
      const { repository, transaction, inspect } = store(KEPT);
      const rule = { name: 'old_job_cleanup', maxAgeDays: 30 } as const;
      expect(await inspect.totals(rule, { holding: true })).toMatchObject({ due: 3, holding: 1 });
      const outcome: unknown[] = [];
      await transaction(async (trx) => {
        const old = await repository.getOldJobs(trx, 30);
        expect(old.map(({ id }) => id)).toEqual(['1', '2', '3']);
        const deletable = await repository.getOldJobs(trx, 30, { deletableOnly: true });
        expect(deletable.map(({ id }) => id)).toEqual(['1', '3']);
        const onOutcome = ({ holding = [] }: { holding?: readonly { id: string }[] }) =>
          outcome.push(...holding.map(({ id }) => id));
        expect(await repository.deleteJobsBatch(trx, old, { onOutcome })).toBe(2);
      });
      expect(outcome).toEqual(['2']);
      expect(await jobsThere()).toEqual(['2', '4']);
    });

    test('that keeps a job since it was read is seen', async () => {
      await knex()('marks').delete();
      const { repository, transaction } = store(KEPT);
      await transaction(async (trx) => {
        const old = await repository.getOldJobs(trx, 30, { deletableOnly: true });
        await other()('annotations').insert({ job_id: 1, kind: 'keep' });
        expect(await repository.deleteJobsBatch(trx, old)).toBe(2);
      });
      expect(await jobsThere()).toEqual(['1', '4']);
    });

    test.each([
      ['log_lines', { log_id: 10, no: 1 }],
      ['logs', { id: 10 }],
    ])('and is held by others, in %s, keeps the job, and what it has left, for another pass', async (table, row) => {
      const held = await other().transaction();
      try {
        await held(table).where(row).forUpdate().first();
        expect(await purge(DELETED)).toMatchObject({ itemsCleaned: 2 });
      } finally {
        await held.rollback();
      }
      expect(await jobsThere()).toEqual(['1', '4']);
      expect(await rowsIn('logs', 'marks', 'resource_allocations')).toEqual({
        logs: 2,
        marks: 1,
        resource_allocations: 1,
      });
      expect(await purge(DELETED)).toMatchObject({ itemsCleaned: 1 });
      expect(await jobsThere()).toEqual(['4']);
    });

    test('in numbers that one statement does not take goes in several transactions, the job last', async () => {
      await knex()('log_lines').delete();
      const logs = Array.from({ length: 12_000 }, (_, index) => ({ id: 1000 + index, job_id: 1 + (index % 2) }));
      await knex().batchInsert('logs', logs, 2000);
      const lines = logs.slice(0, 7000).flatMap(({ id }) => [{ log_id: id, no: 0 }]);
      await knex().batchInsert('log_lines', lines, 2000);
      const result = await purge(DELETED);
      expect(result).toMatchObject({ itemsCleaned: 3, itemsBlocked: 0 });
      expect(await rowsIn('logs', 'log_lines', 'marks')).toEqual({ logs: 1, log_lines: 0, marks: 0 });
      expect(await jobsThere()).toEqual(['4']);
    });

    test('and is held on one job by the page does not keep the next jobs', async () => {
      const rows = Array.from({ length: 5001 }, (_, index) => 1000 + index);
      await knex().batchInsert(
        'logs',
        rows.map((id) => ({ id, job_id: 1 })),
        2000,
      );
      await knex().batchInsert(
        'log_lines',
        rows.map((id) => ({ log_id: id, no: 0 })),
        2000,
      );
      const held = await other().transaction();
      try {
        await held('log_lines').where('log_id', '>=', 1000).forUpdate().select('no');
        expect(await purge(DELETED)).toMatchObject({ itemsCleaned: 2, itemsContended: 1 });
      } finally {
        await held.rollback();
      }
      expect(await jobsThere()).toEqual(['1', '4']);
    });

    test('and was added to between the look and the delete stays, and so does the job', async () => {
      await knex().raw('create table remarks (id int primary key, log_id int)');
      const noted = { delete: [{ ...LOGS, dependents: [...LOGS.dependents, { table: 'remarks', key: 'log_id' }] }] };
      const own = store(noted);
      await knex()('marks').delete();
      const { driver } = own.repository as DriverRepository<Knex.Transaction>;
      const schema = resolveSchema({ dependents: noted }, engine === 'postgres' ? 'instant' : 'utcDateTime');
      const adding = (tx: Tx) =>
        Object.assign(Object.create(tx) as Tx, {
          async remove(...[table, rows, guard]: Parameters<Tx['remove']>) {
            if (table.name === 'logs') await other()('remarks').insert({ id: 1, log_id: 10 });
            return tx.remove(table, rows, guard);
          },
        });
      const repository = new DriverRepository(driver, { schema }, { tx: adding });
      try {
        await own.transaction(async (trx) => repository.deleteJobsBatch(trx, await repository.getOldJobs(trx, 30)));
        expect(await jobsThere()).toEqual(['1', '4']);
        expect(await knex()('logs').orderBy('id').pluck('id')).toEqual([10, 40]);
      } finally {
        await knex().schema.dropTable('remarks');
      }
    });

    test.runIf(engine !== 'postgres')(
      'is the own of the job, whatever the collation of its column takes for the same',
      async () => {
        await knex().raw(
          `create table works (id varchar(40) collate utf8mb4_bin primary key, name varchar(40), state varchar(40),
           start_time ${time}, end_time ${time}, error_msg text, exit_code text)`,
        );
        await knex().raw('create table steps (id int primary key, work varchar(40) collate utf8mb4_general_ci)');
        const ended = '2020-01-02 00:00:00';
        await knex()('works').insert([
          { id: 'a', state: 'COMPLETED', end_time: ended },
          { id: 'A', state: 'RUNNING', start_time: ended },
        ]);
        await knex()('steps').insert([
          { id: 1, work: 'a' },
          { id: 2, work: 'A' },
        ]);
        const dependents = { delete: [{ table: 'steps', key: 'work' }] };
        const own = knexStore(knex(), { schema: { jobs: { table: 'works' }, allocations: null, dependents } });
        const pass = await runPass(own, new OldJobCleanupStrategy(own.repository));
        expect(pass).toMatchObject({ itemsCleaned: 0, itemsContended: 1 });
        expect(await knex()('steps').pluck('id')).toEqual([2]);

        await knex().raw(
          `create table holds (id int primary key, job_id varchar(40) collate utf8mb4_general_ci, status varchar(40),
             allocation_time ${time}, released_time ${time})`,
        );
        await knex()('holds').insert(
          ['a', 'A'].map((work, index) => ({ id: 1 + index, job_id: work, status: 'ALLOCATED' })),
        );
        const holding = knexStore(knex(), { schema: { jobs: { table: 'works' }, allocations: { table: 'holds' } } });
        const released = await holding.transaction(async (trx) =>
          holding.repository.releaseResourcesForJobs(trx, await holding.repository.getOldJobs(trx, 30)),
        );
        expect(released.map(({ id }) => id)).toEqual(['1']);
        expect(await knex()('holds').where({ status: 'ALLOCATED' }).pluck('id')).toEqual([2]);
      },
    );

    test.runIf(engine === 'postgres')('is gone, and a job that a trigger keeps without a word is told of', async () => {
      await knex().raw(`create function keep() returns trigger language plpgsql as 'begin return null; end'`);
      await knex().raw(
        'create trigger keep before delete on jobs for each row when (old.id = 1) execute function keep()',
      );
      try {
        expect(await purge(DELETED)).toMatchObject({ itemsCleaned: 2, itemsContended: 1 });
      } finally {
        await knex().raw('drop trigger keep on jobs');
      }
      expect(await jobsThere()).toEqual(['1', '4']);
    });

    test('stays where the job does, once that is no longer due', async () => {
      const { repository, transaction } = store(DELETED);
      await transaction(async (trx) => {
        const old = await repository.getOldJobs(trx, 30);
        await other()('jobs').where({ id: 2 }).update({ state: 'RUNNING', end_time: null });
        expect(await repository.deleteJobsBatch(trx, old)).toBe(2);
      });
      expect(await jobsThere()).toEqual(['2', '4']);
      expect(await rowsIn('logs', 'log_lines')).toEqual({ logs: 2, log_lines: 4 });
    });

    test('and has no key keeps its job, and takes nothing of another one with it', async () => {
      await knex()('marks').delete();
      await knex()('notes').insert([
        { id: null, job_id: 1 },
        { id: '', job_id: 4 },
      ]);
      const notes: SchemaOptions['dependents'] = { delete: [{ table: 'notes', key: 'job_id' }] };
      expect(await purge(notes)).toMatchObject({ itemsCleaned: 2, itemsContended: 1 });
      expect(await knex()('notes').orderBy('job_id').pluck('job_id')).toEqual([1, 4]);
      expect(await jobsThere()).toEqual(['1', '4']);
    });

    test('is found by the doctor: tables, columns and keys that are not there', async () => {
      const wrong: SchemaOptions['dependents'] = {
        delete: [
          { table: 'log', key: 'job_id' },
          { table: 'logs', key: 'job', dependents: [{ table: 'log_lines', id: 'log_id', key: 'log_id' }] },
        ],
        keep: [{ table: 'annotations', key: 'job' }],
      };
      expect((await store(wrong).inspect.schema()).map(({ path }) => path)).toEqual([
        'schema.dependents.delete[0].table',
        'schema.dependents.delete[1].key',
        'schema.dependents.delete[1].dependents[0].id',
        'schema.dependents.keep.key',
      ]);
    });
  });
}
