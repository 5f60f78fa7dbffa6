import { OldJobCleanupStrategy, runPass } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

/** A type of a column, and a value of it as SQL says it. */
type Case = readonly [type: string, stored: string];

const EVERYWHERE: readonly Case[] = [
  ['bigint', '9007199254740993'],
  ['smallint', '7'],
  ['decimal(10, 2)', '7.5'],
  ['double precision', '0.1'],
  ['varchar(40)', "'a'"],
  ['char(12)', "'a'"],
  ['text', "'a'"],
  ['date', "'2026-02-10'"],
  ['time', "'12:00:01'"],
  ['json', `'{"a": 1}'`],
];
const POSTGRES: readonly Case[] = [
  ['real', '0.1'],
  ['bytea', "'\\xff'"],
  ['bit(3)', "B'101'"],
  ['uuid', "'0190163d-8694-739b-aea5-966c26f8ad91'"],
  ['boolean', 'true'],
  ['citext', "'a'"],
  ['timestamptz', "'2026-02-10 12:00:00.123456+00'"],
  ['timestamp', "'2026-02-10 12:00:00.123456'"],
  ['interval', "'1 day'"],
  ['jsonb', `'{"a": 1}'`],
  ['text[]', "'{a,b}'"],
  ['inet', "'10.0.0.1'"],
  ['point', "'(1,2)'"],
];
const MYSQL: readonly Case[] = [
  ['float', '0.1'],
  ['bit(1)', "b'1'"],
  ['bit(20)', "b'10000000001'"],
  ['tinyint(1)', '1'],
  ["enum('a', 'b')", "'a'"],
  ["set('a', 'b')", "'a,b'"],
  ['year', '2026'],
  ['datetime(6)', "'2026-02-10 12:00:00.123456'"],
  ['timestamp(6)', "'2026-02-10 12:00:00.123456'"],
  ['binary(4)', "x'ff00ff00'"],
  ['varbinary(4)', "x'ff00'"],
  ['blob', "x'ff00'"],
];

for (const engine of enginesOfRun()) {
  const isPostgres = engine === 'postgres';

  describe(`On ${engine}, groups of which the newest jobs stay, by a column of type`, () => {
    const database = freshDatabase('group-columns', engine);
    let knex: Knex;
    beforeAll(async () => {
      knex = createKnex({ client: isPostgres ? 'pg' : 'mysql2', connection: database.url, pool: { min: 0, max: 2 } });
      if (isPostgres) await knex.raw('create extension if not exists citext');
    });
    afterAll(() => knex.destroy());

    test.each([...EVERYWHERE, ...(isPostgres ? POSTGRES : MYSQL)])(
      '%s, are purged or refused at start',
      async (type, stored) => {
        const time = isPostgres ? 'timestamptz' : 'datetime(6)';
        await knex.raw('drop table if exists jobs');
        await knex.raw(`create table jobs (id int primary key, name varchar(40), state varchar(40), start_time ${time},
        end_time ${time}, error_msg text, exit_code text, held ${type.replace('?', '\\?')})`);
        for (const id of [1, 2, 3])
          await knex.raw(`insert into jobs (id, state, start_time, end_time, held)
          values (${id}, 'FAILED', '2020-01-01', '2020-01-0${id}', ${stored})`);
        const filters = { keepNewest: { count: 1, per: { column: 'held' } } };
        const store = knexStore(knex, { schema: { allocations: null }, filters });
        const found = await store.inspect.schema();
        if (found.length > 0) {
          expect(found).toMatchObject([{ path: 'filters.keepNewest.per.column', mistake: { kind: 'group' } }]);
          return;
        }
        const strategy = new OldJobCleanupStrategy(store.repository, { maxAgeDays: null });
        expect(await runPass(store, strategy)).toMatchObject({ itemsCleaned: 2, status: 'done' });
      },
    );
  });
}
