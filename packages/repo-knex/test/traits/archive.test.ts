import { randomBytes } from 'node:crypto';
import { OldJobCleanupStrategy, planRestore, Restore, runPass } from '@jobsweep/core';
import createKnex, { type Knex } from 'knex';
import { expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { ARCHIVE, describeArchives, SCHEMA, TABLES, TABLES_THEMSELVES } from '../support/archives.js';

describeArchives('the archive', ({ isPostgres, client, url, knex, purge, rowsOf, count, insertJob }) => {
  test('is made of the shape of the tables, where it is missing, and unique in their keys alone', async () => {
    const store = knexStore(knex(), { schema: SCHEMA });
    expect(await store.archive?.ddl()).toEqual([]);
    for (const table of [ARCHIVE.jobs, ARCHIVE.log_lines]) await knex().schema.dropTable(table);
    expect((await store.archive?.ddl())?.join('\n')).toContain('old jobs');
    expect(await store.archive?.create()).toEqual(['old jobs', 'log_lines_archive']);
    expect(await store.archive?.create()).toEqual([]);
    expect(await store.inspect.schema()).toEqual([]);
    expect(await store.inspect.diagnosis?.references()).not.toContainEqual(
      expect.objectContaining({ table: expect.stringMatching(/archive|old/) as string }),
    );
    // What was unique among jobs is used again once they are gone.
    for (const id of ['7', '8']) {
      await insertJob(id, 'COMPLETED', { slot: "'a'" });
      expect(await purge()).toMatchObject({ itemsBlocked: 0 });
    }
    expect(await count('jobs', 'old jobs')).toEqual([1, 4]);
  });

  test('has findings of its own where it does not fit, which keep nothing but the purge from its work', async () => {
    await knex().schema.dropTable(ARCHIVE.logs);
    await knex().schema.alterTable(ARCHIVE.resource_allocations, (table) => void table.dropColumn('note'));
    await knex().schema.alterTable(ARCHIVE.log_lines, (table) => void table.dropPrimary());
    const findings = await knexStore(knex(), { schema: SCHEMA }).inspect.schema();
    const [type, strategies] = [expect.any(String) as string, ['old_job_cleanup']];
    const misfits = [{ column: 'note', type, other: null }];
    expect(findings).toMatchObject([
      { strategies, path: 'schema.archive.tables.log_lines', mistake: { kind: 'notUnique' } },
      {
        ...{ strategies, path: 'schema.archive.tables.resource_allocations' },
        mistake: { kind: 'archive', name: 'resource_allocations_archive', of: 'resource_allocations', misfits },
      },
      { strategies, path: 'schema.archive.tables.logs', mistake: { kind: 'archive', misfits: null } },
    ]);
  });

  test('that is missing keeps everything from being deleted', async () => {
    await knex().schema.dropTable(ARCHIVE.jobs);
    expect(await purge()).toMatchObject({ status: 'failed', itemsCleaned: 0, error: { code: 'SCHEMA_MISMATCH' } });
    expect(await count(...TABLES)).toEqual([3, 2, 3, 6]);
  });

  test('has every value of what was deleted, of jobs and of all that hangs on them', async () => {
    await knex()('jobs').where({ id: 3 }).update({ state: 'COMPLETED' });
    const before = await rowsOf(TABLES_THEMSELVES);
    expect(await purge()).toMatchObject({ itemsCleaned: 3, itemsBlocked: 0 });
    expect(await count(...TABLES)).toEqual([0, 0, 0, 0]);
    expect(await rowsOf(ARCHIVE)).toEqual(before);

    const store = knexStore(knex(), { schema: SCHEMA });
    expect(await planRestore(store, {})).toEqual({ restored: 3, staying: { rows: 0, first: [] } });
    const restore = new Restore(store);
    expect(await runPass(store, restore, { onBatch: restore.settled, batchRows: 2 })).toMatchObject({
      ...{ itemsCleaned: 3, itemsBlocked: 0, stopReason: 'drained' },
    });
    expect(await rowsOf(TABLES_THEMSELVES)).toEqual(before);
    expect(await count(...Object.values(ARCHIVE))).toEqual([0, 0, 0, 0]);
  });

  test.each([
    ['is missing', 'note', (table: Knex.TableBuilder) => table.dropColumn('note')],
    ['is narrower', 'note', (table: Knex.TableBuilder) => table.string('note', 10).alter()],
  ])('that lacks room for a column, which %s, keeps everything from being deleted', async (_what, column, change) => {
    await knex().schema.alterTable(ARCHIVE.resource_allocations, (table) => void change(table));
    const pass = await purge();
    expect(pass).toMatchObject({ status: 'failed', itemsCleaned: 0, error: { code: 'SCHEMA_MISMATCH' } });
    expect(pass.error?.message).toContain(`"${column}"`);
    expect(await count(...TABLES)).toEqual([3, 2, 3, 6]);
    expect(await count(...Object.values(ARCHIVE))).toEqual([0, 0, 0, 0]);
  });

  test('goes on to hold all of a table that gets a column between two batches', async () => {
    const batches = async () => {
      const store = knexStore(knex(), { schema: SCHEMA });
      let done = 0;
      return runPass(store, new OldJobCleanupStrategy(store.repository), {
        ...{ batchRows: 1, pauseFraction: 0 },
        async onBatch() {
          done += 1;
          if (done === 1) await knex().schema.alterTable('logs', (table) => void table.string('added', 5));
        },
      });
    };
    const pass = await batches().finally(() =>
      knex().schema.alterTable('logs', (table) => void table.dropColumn('added')),
    );
    expect(pass).toMatchObject({ status: 'failed', itemsCleaned: 1, error: { code: 'SCHEMA_MISMATCH' } });
    expect(await count('jobs', 'old jobs')).toEqual([2, 1]);
  });

  test('may have wider columns, and more of them', async () => {
    await knex().schema.alterTable(ARCHIVE.resource_allocations, (table) => {
      table.string('note', 80).alter();
      table.timestamp('archived_at').nullable();
    });
    expect(await purge()).toMatchObject({ itemsCleaned: 2 });
    expect(await count(ARCHIVE.resource_allocations)).toEqual([2]);
  });

  test('has a name that the server would not cut, maybe to that of the table', () => {
    const long = () => knexStore(knex(), { schema: { jobs: { table: 'x'.repeat(63) }, archive: true } });
    expect(long).toThrow(expect.objectContaining({ code: 'INVALID_SCHEMA' }));
  });

  test('may be in another schema, under names that the configuration of knex makes others of', async () => {
    const other = `old_${randomBytes(4).toString('hex')}`;
    await knex().raw('create schema ??', [other]);
    const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const renamed = createKnex({
      ...{ client, connection: url(), pool: { min: 0, max: 2 } },
      wrapIdentifier: (name, quote) => quote(snake(name)),
    });
    try {
      const columns = { startTime: 'startTime', endTime: 'endTime', errorMsg: 'errorMsg', exitCode: 'exitCode' };
      const archive = { schema: other, tables: { jobs: 'finishedJobs' } };
      const schema = { jobs: { columns }, allocations: null, archive };
      const store = knexStore(renamed, { schema });
      expect(await store.archive?.create()).toHaveLength(1);
      expect(await store.inspect.schema()).toEqual([]);
      await knex()('resource_allocations').delete();
      const pass = await runPass(store, new OldJobCleanupStrategy(store.repository));
      expect(pass).toMatchObject({ itemsCleaned: 2, itemsBlocked: 0 });
      expect(await count(`${other}.finished_jobs`)).toEqual([2]);
      const restore = new Restore(store);
      expect(await runPass(store, restore)).toMatchObject({ itemsCleaned: 2, itemsBlocked: 0 });
      expect(await count('jobs', `${other}.finished_jobs`)).toEqual([3, 0]);
    } finally {
      await renamed.destroy();
      await knex().raw(isPostgres ? 'drop schema ?? cascade' : 'drop schema ??', [other]);
    }
  });

  if (isPostgres) {
    test('has nothing of a row that a trigger keeps from being deleted', async () => {
      await knex().raw(
        `create function stays() returns trigger language plpgsql as
           'begin if old.id = 1 then return null; end if; return old; end'`,
      );
      await knex().raw('create trigger stays before delete on jobs for each row execute function stays()');
      try {
        expect(await purge()).toMatchObject({ itemsCleaned: 1, itemsContended: 1 });
      } finally {
        await knex().raw('drop function stays() cascade');
      }
      expect((await knex()('old jobs').pluck<string[]>('id')).map(String)).toEqual(['2']);
    });

    test('that turns rows away keeps them from being deleted, and is named', async () => {
      await knex().raw(
        `create function nothing() returns trigger language plpgsql as
           'begin if new.id = 1 then return null; end if; return new; end'`,
      );
      await knex().raw('create trigger nothing before insert on "old jobs" for each row execute function nothing()');
      try {
        const pass = await purge();
        expect(pass).toMatchObject({
          itemsCleaned: 1,
          itemsBlocked: 1,
          blocked: [{ id: '1', code: 'ROW_REJECTED' }],
        });
        expect(pass.blocked[0]?.message).toContain('old jobs took 0 of 1 rows');
      } finally {
        await knex().raw('drop function nothing() cascade');
      }
      expect(await count('jobs', 'old jobs')).toEqual([2, 1]);
    });
  } else {
    test('is not filled where the user may not read a column', async () => {
      const user = `a${Date.now() % 1e9}`;
      const name = new URL(url()).pathname.slice(1);
      await knex().raw(`create user '${user}'@'%' identified by 'secret'`);
      const granted = createKnex({ client, connection: urlFor(url(), user), pool: { min: 0, max: 1 } });
      try {
        await knex().raw(
          `grant delete, update, select (id, name, state, start_time, end_time, error_msg, exit_code) on \`${name}\`.jobs to '${user}'@'%'`,
        );
        for (const table of [...TABLES.slice(1), ...Object.values(ARCHIVE)])
          await knex().raw(`grant all on \`${name}\`.\`${table}\` to '${user}'@'%'`);
        const store = knexStore(granted, { schema: SCHEMA });
        const pass = await runPass(store, new OldJobCleanupStrategy(store.repository), { pauseFraction: 0 });
        expect(pass).toMatchObject({ status: 'failed', itemsCleaned: 0, error: { code: 'PERMISSION_DENIED' } });
      } finally {
        await granted.destroy();
        await knex().raw(`drop user '${user}'@'%'`);
      }
      expect(await count('jobs', 'old jobs')).toEqual([3, 0]);
    });
  }
});

function urlFor(url: string, user: string): string {
  const other = new URL(url);
  other.username = user;
  other.password = 'secret';
  return other.href;
}
