import { OldJobCleanupStrategy, type PassResult, runPass, type SchemaOptions } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { knexStore } from '../../src/index.js';

/** Marks may name an allocation, and lines a log. */
export const SCHEMA: SchemaOptions = {
  dependents: {
    delete: [
      { table: 'logs', key: 'job_id', dependents: [{ table: 'log_lines', id: ['log_id', 'no'], key: 'log_id' }] },
    ],
  },
  archive: { tables: { jobs: 'old jobs', logs: 'old_logs' } },
};
export const TABLES = ['jobs', 'resource_allocations', 'logs', 'log_lines'] as const;
export const ARCHIVE = {
  ...{ jobs: 'old jobs', resource_allocations: 'resource_allocations_archive' },
  ...{ logs: 'old_logs', log_lines: 'log_lines_archive' },
};
export const TABLES_THEMSELVES = Object.fromEntries(TABLES.map((table) => [table, table]));
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

/** Three jobs, of which two are due, each with a log of two lines and the first two with an allocation, and their archive. */
export interface Archives {
  readonly isPostgres: boolean;
  readonly client: 'pg' | 'mysql2';
  /** Of the database. */
  readonly url: () => string;
  readonly knex: () => Knex;
  readonly purge: (schema?: SchemaOptions) => Promise<PassResult>;
  /** Every row of some tables as the server itself writes it, in a text. */
  readonly rowsOf: (names: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, unknown[]>>>;
  readonly count: (...tables: readonly string[]) => Promise<number[]>;
  readonly insertJob: (id: string, state: string, more?: Readonly<Record<string, string>>) => Promise<void>;
}

/** Describes what holds of an archive on each engine of the run. */
export function describeArchives(name: string, body: (of: Archives) => void): void {
  for (const engine of enginesOfRun()) {
    const isPostgres = engine === 'postgres';
    const [client, time] = isPostgres ? (['pg', 'timestamptz'] as const) : (['mysql2', 'datetime(6)'] as const);
    const others: Readonly<Record<string, readonly [string, string]>> = OTHERS[isPostgres ? 'postgres' : 'mysql'];

    describe(`On ${engine}, ${name}`, () => {
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

      body({ ...{ isPostgres, client, url: () => database.url, knex, purge, rowsOf, count, insertJob } });
    });
  }
}
