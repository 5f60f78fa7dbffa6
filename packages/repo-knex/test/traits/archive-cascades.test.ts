import { OldJobCleanupStrategy, runPass, type SchemaOptions } from '@jobsweep/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { ARCHIVE, describeArchives, SCHEMA, TABLES } from '../support/archives.js';

describeArchives(
  'the archive, beside foreign keys that delete rows which nobody archives,',
  ({ knex, purge, count, insertJob }) => {
    const [notes, marks] = ['notes', 'marks'];
    const keyTo = (table: string, column: string) =>
      `foreign key (${column}) references ${table} (id) on delete cascade`;
    const findings = (schema: SchemaOptions) => knexStore(knex(), { schema }).inspect.schema();
    const lost = (table: string, to: string) => ({
      ...{ path: 'schema.dependents.delete', strategies: ['old_job_cleanup'] },
      mistake: expect.objectContaining({ kind: 'cascade', table, to }) as unknown,
    });

    beforeEach(async () => {
      await knex().raw(`create table ${notes} (id int primary key, job_id bigint, ${keyTo('jobs', 'job_id')})`);
      await knex().raw(`create table ${marks} (id int primary key, note_id int, ${keyTo(notes, 'note_id')})`);
      await knex()(notes).insert({ id: 1, job_id: 1 });
      await knex()(marks).insert({ id: 1, note_id: 1 });
    });
    afterEach(async () => {
      for (const table of [marks, notes, `${notes}_archive`, `${marks}_archive`])
        await knex().schema.dropTableIfExists(table);
    });

    test('deletes nothing, and says what to map', async () => {
      const found = await findings(SCHEMA);
      expect(found).toMatchObject([lost(notes, 'jobs'), lost(marks, notes)]);
      expect(found[0]?.severity ?? 'error').toBe('error');
      expect(found[0]?.fix).toContain('Name "notes" in schema.dependents.delete');
      const pass = await purge();
      expect(pass).toMatchObject({ status: 'failed', itemsCleaned: 0, error: { code: 'SCHEMA_MISMATCH' } });
      expect(pass.error?.message).toContain('Rows of "notes" are deleted with rows of "jobs"');
      expect(await count(...TABLES, notes, marks)).toEqual([3, 2, 3, 6, 1, 1]);
      expect(await count(...Object.values(ARCHIVE))).toEqual([0, 0, 0, 0]);
    });

    test('goes on in the same store once they are mapped no more, or mapped', async () => {
      const store = knexStore(knex(), { schema: SCHEMA });
      const pass = () => runPass(store, new OldJobCleanupStrategy(store.repository), { pauseFraction: 0 });
      expect(await pass()).toMatchObject({ itemsCleaned: 0 });
      const mapped: SchemaOptions = {
        ...SCHEMA,
        dependents: {
          delete: [
            ...(SCHEMA.dependents?.delete ?? []),
            { table: notes, key: 'job_id', dependents: [{ table: marks, key: 'note_id' }] },
          ],
        },
      };
      await knexStore(knex(), { schema: mapped }).archive?.create();
      expect(await findings(mapped)).toEqual([]);
      expect(await purge(mapped)).toMatchObject({ itemsCleaned: 2, itemsBlocked: 0 });
      expect(await count(notes, marks, `${notes}_archive`, `${marks}_archive`)).toEqual([0, 0, 1, 1]);
      await knex().schema.dropTable(marks);
      await knex().schema.dropTable(notes);
      await insertJob('1', 'COMPLETED');
      expect(await pass()).toMatchObject({ itemsCleaned: 1 });
    });

    test('is as it was where each such row keeps its job, and without an archive', async () => {
      const kept = { ...SCHEMA, dependents: { ...SCHEMA.dependents, keep: [{ table: notes, key: 'job_id' }] } };
      expect(await findings(kept)).toEqual([]);
      expect(await purge(kept)).toMatchObject({ itemsCleaned: 1 });
      const some = { table: notes, key: 'job_id', where: { id: 7 } };
      const keptByFew = { ...SCHEMA, dependents: { ...SCHEMA.dependents, keep: [some] } };
      expect(await findings(keptByFew)).toMatchObject([lost(notes, 'jobs'), lost(marks, notes)]);
      const { archive: _archive, ...without } = SCHEMA;
      expect(await findings(without)).toEqual([]);
      expect(await purge(without)).toMatchObject({ itemsCleaned: 1 });
      expect(await count(notes, marks)).toEqual([0, 0]);
    });

    test('deletes nothing where other jobs go with one', async () => {
      await knex().schema.alterTable('jobs', (table) => void table.bigInteger('retry_of'));
      await knex().raw(`alter table jobs add constraint of_job ${keyTo('jobs', 'retry_of')}`);
      try {
        const jobsAlone = { allocations: null, archive: { tables: { jobs: 'jobs_alone' } } };
        await knexStore(knex(), { schema: jobsAlone }).archive?.create();
        await knex().schema.dropTable(marks);
        await knex().schema.dropTable(notes);
        const [found, ...others] = await findings(jobsAlone);
        expect([found, others.map(({ mistake }) => mistake?.kind)]).toMatchObject([lost('jobs', 'jobs'), []]);
        expect(found?.fix).toContain('Let this key do something else ON DELETE');
        expect(await purge(jobsAlone)).toMatchObject({ itemsCleaned: 0, error: { code: 'SCHEMA_MISMATCH' } });
      } finally {
        await knex().schema.alterTable('jobs', (table) => void table.dropForeign('retry_of', 'of_job'));
        await knex().schema.alterTable('jobs', (table) => void table.dropColumn('retry_of'));
        await knex().schema.dropTableIfExists('jobs_alone');
      }
    });
  },
);
