import { randomBytes } from 'node:crypto';
import { OldJobCleanupStrategy, planRestore, Restore, runPass, type SchemaOptions } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

/** Marks may name an allocation, and lines a log. */
const SCHEMA: SchemaOptions = {
  dependents: {
    delete: [
      { table: 'logs', key: 'job_id', dependents: [{ table: 'log_lines', id: ['log_id', 'no'], key: 'log_id' }] },
    ],
  },
  archive: { tables: { jobs: 'old jobs', logs: 'old_logs' } },
};
const TABLES = ['jobs', 'resource_allocations', 'logs', 'log_lines'] as const;
const ARCHIVE = {
  ...{ jobs: 'old jobs', resource_allocations: 'resource_allocations_archive' },
  ...{ logs: 'old_logs', log_lines: 'log_lines_archive' },
};
const TABLES_THEMSELVES = Object.fromEntries(TABLES.map((table) => [table, table]));
const ENDED = '2020-01-02 00:00:00';

/** Columns that nobody maps, by their types, each with a value that is easily changed on its way through a library. */
const OTHERS = {
  postgres: {
    at_micros: ['timestamptz', "'2020-02-29 23:59:59.123456+00'"],
    never: ['timestamptz', "'infinity'"],
    local: ['timestamp(3)', "'1900-01-01 00:00:00.001'"],
    amount: ['numeric(40, 20)', '12345678901234567890.12345678901234567890'],
    real: ['double precision', '0.1::float8 + 0.2::float8'],
    big: ['bigint', '9223372036854775807'],
    doc: ['json', `'{"b": 1,  "a": [1.0, null], "a": 2}'`],
    docs: ['jsonb', `'{"n": 10000000000000000000000.5}'`],
    bytes: ['bytea', "'\\x00ff00'"],
    list: ['text[]', `array['a', null, '{"b"}']`],
    long: ['text', "repeat('ä', 100000)"],
    no_value: ['text', 'null'],
    made: ['text generated always as (name || state) stored', 'default'],
  },
  mysql: {
    at_micros: ['datetime(6)', "'2020-02-29 23:59:59.123456'"],
    stamp: [
      'timestamp(6) null default current_timestamp(6) on update current_timestamp(6)',
      "'2020-03-01 00:00:00.000001'",
    ],
    amount: ['decimal(40, 20)', '12345678901234567890.12345678901234567890'],
    real_one: ['double', '0.1e0 + 0.2e0'],
    big: ['bigint unsigned', '18446744073709551615'],
    doc: ['json', `'{"b": 1, "a": [1.5, null]}'`],
    bytes: ['varbinary(10)', "x'00ff00'"],
    blobs: ['longblob', "repeat(x'00ff', 1000)"],
    kind: ["enum('a', 'b')", "'b'"],
    letters: ['varchar(20) collate utf8mb4_bin', "'Ä '"],
    long_one: ['mediumtext', "repeat('ä', 100000)"],
    no_value: ['text', 'null'],
    made: ['varchar(90) generated always as (concat(name, state)) stored', 'default'],
  },
} as const satisfies Record<string, Record<string, readonly [string, string]>>;

for (const engine of enginesOfRun()) {
  const isPostgres = engine === 'postgres';
  const [client, time] = isPostgres ? ['pg', 'timestamptz'] : ['mysql2', 'datetime(6)'];
  const others: Readonly<Record<string, readonly [string, string]>> = OTHERS[isPostgres ? 'postgres' : 'mysql'];

  describe(`On ${engine}, the archive`, () => {
    const database = freshDatabase('archive', engine);
    const open: { knex?: Knex } = {};
    const knex = () => {
      if (open.knex === undefined) throw new Error('knex is made in beforeAll');
      return open.knex;
    };
    const purge = async (schema = SCHEMA) => {
      const store = knexStore(knex(), { schema });
      return runPass(store, new OldJobCleanupStrategy(store.repository), { pauseFraction: 0 });
    };
    /** Every row of some tables as the server itself writes it, in a text. */
    const rowsOf = async (names: Readonly<Record<string, string>>) => {
      const rows: Record<string, unknown[]> = {};
      for (const table of TABLES) rows[table] = await textOf(names[table] ?? '', await columnsOf(table));
      return rows;
    };
    const columnsOf = async (table: string) => Object.keys(await knex()(table).columnInfo()).sort();
    /** As the server writes it. */
    const textOf = async (table: string, columns: readonly string[]) => {
      const each = columns.map(() => (isPostgres ? `??::text` : 'hex(cast(?? as binary))'));
      const { rows, ...found } = await knex().raw<{ rows?: unknown[]; 0?: unknown[] }>(
        `select ${each.map((text, index) => `${text} as c${index}`).join(', ')} from ?? order by 1`,
        [...columns, table],
      );
      return (rows ?? found[0] ?? [])
        .map((row) => ({ ...(row as object) }))
        .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    };
    const count = async (...tables: readonly string[]) => {
      const counts: number[] = [];
      for (const table of tables) counts.push(Number((await knex()(table).count({ n: '*' }))[0]?.n));
      return counts;
    };

    const insertJob = async (id: string, state: string, more: Readonly<Record<string, string>> = {}) => {
      const values: Readonly<Record<string, string>> = {
        ...{ id, name: "'job'", state: `'${state}'`, start_time: `'${ENDED}'`, end_time: `'${ENDED}'` },
        ...Object.fromEntries(Object.entries(others).map(([name, [, value]]) => [name, value])),
        ...more,
      };
      const [names, given] = [Object.keys(values).join(', '), Object.values(values).join(', ')];
      const overriding = isPostgres ? 'overriding system value' : '';
      await knex().raw(`insert into jobs (${names}) ${overriding} values (${given})`.replaceAll('?', '\\?'));
    };

    beforeAll(async () => {
      open.knex = createKnex({ client, connection: database.url, pool: { min: 0, max: 4 } });
      const columns = Object.entries(others).map(([name, [type]]) => `${name} ${type}`);
      await knex().raw(
        `create table jobs (${isPostgres ? 'id bigint generated always as identity' : 'id bigint auto_increment'} primary key,
           name varchar(40), slot varchar(10) unique, state varchar(40), start_time ${time}, end_time ${time}, error_msg text, exit_code text,
           ${columns.join(', ').replaceAll('?', '\\?')})`,
      );
      await knex().raw(
        `create table resource_allocations (id int primary key, job_id bigint, foreign key (job_id) references jobs (id),
           status varchar(40), allocation_time ${time}, released_time ${time}, note varchar(40))`,
      );
      await knex().raw('create table logs (id int primary key, job_id bigint, text text)');
      await knex().raw('create index logs_job on logs (job_id)');
      await knex().raw(
        'create table log_lines (log_id int, no int, line text, primary key (log_id, no), foreign key (log_id) references logs (id))',
      );
    });
    afterAll(() => open.knex?.destroy());
    beforeEach(async () => {
      for (const table of Object.values(ARCHIVE)) await knex().schema.dropTableIfExists(table);
      for (const table of ['log_lines', 'logs', 'resource_allocations', 'jobs']) await knex()(table).delete();
      await knexStore(knex(), { schema: SCHEMA }).archive?.create();
      await insertJob('1', 'COMPLETED');
      await insertJob('2', 'FAILED');
      await insertJob('3', 'RUNNING');
      await knex()('resource_allocations').insert(
        [1, 2].map((id) => ({ id, job_id: id, status: 'RELEASED', note: 'n' })),
      );
      await knex()('logs').insert([1, 2, 3].map((id) => ({ id: id * 10, job_id: id, text: `of ${id}` })));
      await knex()('log_lines').insert(
        [1, 2, 3].flatMap((id) => [0, 1].map((no) => ({ log_id: id * 10, no, line: '…' }))),
      );
    });

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
        ...{ client, connection: database.url, pool: { min: 0, max: 2 } },
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

    test('gives back what one pass has deleted', async () => {
      const store = knexStore(knex(), { schema: SCHEMA });
      await store.ownTables.create();
      const claimed = async () => {
        const answer = await store.claims.acquire({ strategy: 'old_job_cleanup', holder: 'me', termSeconds: 60 });
        if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
        return answer.claim;
      };
      const passes: string[] = [];
      for (let pass = 0; pass < 2; pass += 1) {
        const claim = await claimed();
        passes.push(claim.pass);
        await runPass(store, new OldJobCleanupStrategy(store.repository), { claim, batchRows: 1, maxRows: 1 });
        await store.claims.release(claim, { empty: false, place: null });
      }
      expect(await count('jobs', 'old jobs')).toEqual([1, 2]);
      const restore = new Restore(store, { pass: passes[1] ?? '' });
      expect(await planRestore(store, { pass: passes[0] ?? '', jobs: ['2'] })).toMatchObject({ restored: 0 });
      expect(await runPass(store, restore, { onBatch: restore.settled })).toMatchObject({ itemsCleaned: 1 });
      expect((await knex()('jobs').orderBy('id').pluck<string[]>('id')).map(String)).toEqual(['2', '3']);
      expect(await count('logs', 'old_logs', 'log_lines', 'log_lines_archive')).toEqual([2, 1, 4, 2]);
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
        const name = new URL(database.url).pathname.slice(1);
        await knex().raw(`create user '${user}'@'%' identified by 'secret'`);
        const granted = createKnex({ client, connection: urlFor(database.url, user), pool: { min: 0, max: 1 } });
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
}

function urlFor(url: string, user: string): string {
  const other = new URL(url);
  other.username = user;
  other.password = 'secret';
  return other.href;
}
