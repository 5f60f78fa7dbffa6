import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { describe, expect, test } from 'vitest';
import { useCluster } from './support/clusters.js';
import { diagnosisOf } from './support/diagnosis.js';

describe.each(enginesOfRun())('inspect.diagnosis on %s', (engine) => {
  const numbers = { RUNNING: 1, COMPLETED: [3, 4], FAILED: 9 };
  describe('unknownStates', () => {
    const cluster = useCluster(engine);
    const ofNumbers = useCluster(engine, { schema: { jobs: { columns: { state: 'phase' }, states: numbers } } });

    test('tells what nobody mapped, to the letter, with how many rows have it', async () => {
      await cluster.seed({
        jobs: [
          ...['RUNNING', 'PENDING', 'HELD', 'HELD', 'HELD', 'running', 'Held'].map((state, index) => ({
            id: `${index + 1}`,
            state,
          })),
        ],
        allocations: [
          { id: '1', jobId: '1', status: 'ALLOCATED' },
          { id: '2', jobId: '1', status: 'LEASED' },
          { id: '3', jobId: '1' },
        ],
      });
      const found = await diagnosisOf(cluster.store()).unknownStates();
      expect(found).toHaveLength(5);
      expect(found).toEqual(
        expect.arrayContaining([
          { table: 'jobs', value: 'HELD', rows: 3 },
          { table: 'jobs', value: 'Held', rows: 1 },
          { table: 'jobs', value: 'running', rows: 1 },
          { table: 'allocations', value: 'LEASED', rows: 1 },
          { table: 'allocations', value: null, rows: 1 },
        ]),
      );
      expect(found[0]).toMatchObject({ value: 'HELD' });
      expect(await diagnosisOf(cluster.store()).unknownStates({ atMost: 2 })).toContainEqual({
        table: 'jobs',
        value: 'HELD',
        rows: 2,
      });
    });

    test('looks at the rows that the filters let through', async () => {
      await cluster.seed({
        jobs: [
          { id: '1', state: 'HELD', tenant: '7' },
          { id: '2', state: 'LOST', tenant: '8' },
        ],
        allocations: [
          { id: '1', jobId: '1', status: 'LEASED' },
          { id: '2', jobId: '2', status: 'GONE' },
        ],
      });
      expect(await diagnosisOf(cluster.store({ filters: { scope: { tenant: 8 } } })).unknownStates()).toEqual([
        { table: 'jobs', value: 'LOST', rows: 1 },
        { table: 'allocations', value: 'GONE', rows: 1 },
      ]);
    });

    test('knows numbers by their value', async () => {
      await ofNumbers.seed({
        jobs: [
          { id: '1', state: 'RUNNING' },
          { id: '2', state: '4' },
          { id: '3', state: '7' },
        ],
      });
      expect(await diagnosisOf(ofNumbers.store()).unknownStates()).toEqual([{ table: 'jobs', value: '7', rows: 1 }]);
    });

    test('looks at the newest rows alone where it is told to, of those that the filters let through', async () => {
      await cluster.seed({
        jobs: [
          { id: '1', state: 'LOST', tenant: '8' },
          { id: '10', state: 'HELD', tenant: '8' },
          { id: '9', state: 'HELD', tenant: '8' },
          { id: '11', state: 'GONE', tenant: '7' },
        ],
        allocations: [
          { id: '1', jobId: '1', status: 'LEASED' },
          { id: '12', jobId: '10', status: 'DRAINING' },
          { id: '13', jobId: '11', status: 'LEASED' },
        ],
      });
      const diagnosis = diagnosisOf(cluster.store({ filters: { scope: { tenant: 8 } } }));
      expect(await diagnosis.unknownStates({ newest: 2 })).toEqual([
        { table: 'jobs', value: 'HELD', rows: 1 },
        { table: 'allocations', value: 'DRAINING', rows: 1 },
      ]);
      await expect(diagnosis.unknownStates({ newest: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });

    test('reads enums that do not have every known state, and tells the members that no row has', async () => {
      const type =
        engine === 'postgres'
          ? "create type phases as enum ('RUNNING', 'FAILED', 'PAUSED', 'it''s, (odd)'); create table phased (id bigint primary key, state phases)"
          : "create table phased (id bigint primary key, state enum('RUNNING', 'FAILED', 'PAUSED', 'it''s, (odd)'))";
      for (const statement of type.split('; ')) await cluster.knex.raw(statement);
      await cluster.knex.raw("insert into phased values (1, 'RUNNING'), (2, 'PAUSED')");
      const store = cluster.store({ schema: { jobs: { table: 'phased' }, allocations: null } });
      expect(await diagnosisOf(store).unknownStates()).toEqual([
        { table: 'jobs', value: 'PAUSED', rows: 1 },
        { table: 'jobs', value: "it's, (odd)", rows: 0 },
      ]);
    });

    test('refuses bounds that are none', async () => {
      const asked = diagnosisOf(cluster.store()).unknownStates({ atMost: 0 });
      await expect(asked).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });
  });

  describe('orphans', () => {
    const cluster = useCluster(engine);

    test('counts allocations that hold something for a job that does not exist, up to a bound', async () => {
      const [foreignKey] = (await diagnosisOf(cluster.store()).references()) ?? [];
      const drop = engine === 'postgres' ? 'constraint' : 'foreign key';
      await cluster.knex.raw(`alter table resource_allocations drop ${drop} ??`, [foreignKey?.constraint ?? '']);
      await cluster.seed({
        jobs: [{ id: '1', state: 'RUNNING' }],
        allocations: ['1', '2', '3', '4'].map((id) => ({
          id,
          jobId: id,
          status: id === '4' ? 'RELEASED' : 'ALLOCATED',
        })),
      });
      const { orphans } = diagnosisOf(cluster.store());
      expect(await orphans()).toBe(2);
      expect(await orphans({ atMost: 1 })).toBe(1);
      expect(await diagnosisOf(cluster.store({ schema: { allocations: null } })).orphans()).toBeNull();
    });
  });

  describe('references', () => {
    const cluster = useCluster(engine);

    test('are the foreign keys of every table, in other schemas too, with what they do', async () => {
      const other = `other_${Date.now().toString(36)}`;
      await cluster.knex.raw(`create schema ${other}`);
      const [{ home } = { home: '' }] = await cluster.knex.select<{ home: string }[]>(
        cluster.knex.raw(engine === 'postgres' ? 'current_schema() as home' : 'database() as home'),
      );
      try {
        const to = (rule: string) => `foreign key (job) references ${home}.jobs (id) ${rule}`;
        await cluster.knex.raw(
          `create table invoices (id bigint primary key, job bigint, constraint inv_job ${to('')})`,
        );
        await cluster.knex.raw('create index inv_by_job on invoices (job, id)');
        await cluster.knex.raw(
          `create table ${other}.logs (job bigint, again bigint, constraint log_job ${to('on delete cascade')},
             constraint log_again foreign key (again) references ${home}.jobs (id))`,
        );
        await cluster.knex.raw(`create table notes (job bigint, constraint note_job ${to('on delete set null')})`);
        // What goes with the logs goes with a job; and a column by its look alone.
        await cluster.knex.raw(`create unique index log_key on ${other}.logs (job)`);
        await cluster.knex.raw(
          `create table ${other}.log_lines (log bigint, constraint line_log foreign key (log) references ${other}.logs (job))`,
        );
        await cluster.knex.raw('create table attempts (no int, jobId bigint)');
        const isIndexed = engine !== 'postgres';
        // The cluster has tables for an archive, too, which this store is not told of.
        const all = await diagnosisOf(cluster.store()).references();
        const found = all?.filter(({ table }) => !table.endsWith('_archive'));
        expect(found).toHaveLength(7);
        expect(found).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ table: 'resource_allocations', onDelete: 'blocks', mappedAs: 'allocations' }),
            {
              table: 'invoices',
              columns: ['job'],
              constraint: 'inv_job',
              onDelete: 'blocks',
              isIndexed: true,
              mappedAs: null,
            },
            {
              table: `${other}.logs`,
              columns: ['job'],
              constraint: 'log_job',
              onDelete: 'cascades',
              isIndexed: true,
              mappedAs: null,
            },
            { table: 'notes', columns: ['job'], constraint: 'note_job', onDelete: 'sets', isIndexed, mappedAs: null },
            {
              table: `${other}.log_lines`,
              columns: ['log'],
              constraint: 'line_log',
              through: `${other}.logs`,
              onDelete: 'blocks',
              isIndexed,
              mappedAs: null,
            },
            {
              table: 'attempts',
              columns: [engine === 'postgres' ? 'jobid' : 'jobId'],
              constraint: null,
              onDelete: 'nothing',
              isIndexed: true,
              mappedAs: null,
            },
          ]),
        );
      } finally {
        await cluster.knex.raw(`drop table ${other}.log_lines`);
        await cluster.knex.raw('drop table attempts');
        await cluster.knex.raw(`drop table ${other}.logs`);
        await cluster.knex.raw(`drop schema ${other}`);
      }
    });
  });

  describe('cost', () => {
    const cluster = useCluster(engine);

    test("runs the query of a rule's page and tells the rows that the server went through", async () => {
      const jobs = Array.from({ length: 40 }, (_each, index) => ({ id: `${index + 1}`, state: 'RUNNING' }));
      await cluster.seed({ jobs, allocations: [{ id: '1', jobId: '1', status: 'RESERVED' }] });
      const { cost } = diagnosisOf(cluster.store());
      for (const rule of [
        { name: 'completed_job_cleanup' },
        { name: 'stale_reservation_cleanup', maxAgeMinutes: 10 },
        { name: 'stuck_job_cleanup', maxAgeHours: 48 },
        { name: 'old_job_cleanup', maxAgeDays: 30 },
      ] as const) {
        const { durationMs, plan } = await cost(rule);
        expect(durationMs).toBeGreaterThan(0);
        expect(plan).toMatch(/\b(?:jobs|j)\b/);
      }
      // Without an index on the state, all jobs have to be looked at.
      expect(await cost({ name: 'stuck_job_cleanup', maxAgeHours: 48 })).toMatchObject({ rowsExamined: 40 });
    });
  });
});
