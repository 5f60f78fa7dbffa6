import type { ColumnValue } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

/** A type of a column, what one job has in it as SQL says it, a value of a filter, and whether the job has that value. */
type Case = readonly [type: string, stored: string, value: ColumnValue, matches: boolean];

const UUID = '0190163d-8694-739b-aea5-966c26f8ad91';

const EVERYWHERE: readonly Case[] = [
  ['bigint', '9007199254740993', '9007199254740993', true],
  ['bigint', '9007199254740993', '9007199254740992', false],
  ['bigint', '7', 7, true],
  ['smallint', '7', '7', true],
  ['decimal(10, 2)', '7', 7, true],
  ['decimal(10, 2)', '7.5', 7.5, true],
  ['decimal(10, 2)', '7.55', 7.5, false],
  ['double precision', '0.25', 0.25, true],
  ['varchar(40)', "'7'", 7, true],
  ['varchar(40)', "'7 gpus'", 7, false],
  ['varchar(40)', "'none'", 0, false],
  ['varchar(40)', "''", 0, false],
  ['char(12)', "'gpu'", 'gpu', true],
  ['char(12)', "'gpu'", 'GPU', false],
];

const POSTGRES: readonly Case[] = [
  ['text', "'7'", 7, true],
  ['text', `'it''s a "\\" in {a,b}'`, `it's a "\\" in {a,b}`, true],
  ['text', `'it''s a "\\" in {a,b}'`, `it's a "\\\\" in {a,b}`, false],
  ['text', "'07'", 7, false],
  ['text collate caseless', "'GPU'", 'GPU', true],
  ['text collate caseless', "'GPU'", 'gpu', false],
  ['varchar(40) collate caseless', "'GPU'", 'gpu', false],
  ['queue', "'gpu'", 'gpu', true],
  ['queue', "'gpu'", 'cpu', false],
  ['uuid', `'${UUID}'`, UUID.toUpperCase(), true],
  ['boolean', 'true', 'true', true],
];

const MYSQL: readonly Case[] = [
  ['tinyint(1)', '1', true, true],
  ['tinyint(1)', '0', true, false],
  ['tinyint(1)', '0', false, true],
  ['bit(1)', "b'1'", true, true],
  ['bit(1)', "b'0'", true, false],
  ['bit(1)', "b'0'", false, true],
  ['bit(1)', "b'1'", 1, true],
  ["enum('gpu', 'cpu')", "'gpu'", 'gpu', true],
  ["enum('gpu', 'cpu')", "'gpu'", 'GPU', false],
  ['varchar(40) character set latin1', "'gpü'", 'gpü', true],
  ['varchar(40) character set latin1', "'gpü'", 'gpu', false],
  ['varchar(40)', "'true'", false, false],
];

for (const engine of enginesOfRun()) {
  const isPostgres = engine === 'postgres';

  describe(`On ${engine}, filters by a column of type`, () => {
    const database = freshDatabase('filter-columns', engine);
    const open: { knex?: Knex } = {};

    beforeAll(async () => {
      open.knex = createKnex({
        client: isPostgres ? 'pg' : 'mysql2',
        connection: database.url,
        pool: { min: 0, max: 2 },
      });
      if (!isPostgres) return;
      await open.knex.raw(
        `create collation caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
         create type queue as enum ('gpu', 'cpu')`,
      );
    });
    afterAll(() => open.knex?.destroy());

    test.each([...EVERYWHERE, ...(isPostgres ? POSTGRES : MYSQL)])('%s that holds %s: %j, %s', async (...each) => {
      const [type, stored, value, matches] = each;
      const { knex } = open;
      if (knex === undefined) throw new Error('knex is made in beforeAll');
      const time = isPostgres ? 'timestamptz' : 'datetime(6)';
      await knex.raw('drop table if exists jobs');
      await knex.raw(
        `create table jobs (id bigint primary key, name text, state text, start_time ${time}, end_time ${time},
           error_msg text, exit_code text, held ${type})`,
      );
      await knex.raw(
        `insert into jobs (id, state, start_time, end_time, held) values
           (1, 'RUNNING', '2020-01-01', null, ${stored}), (2, 'RUNNING', '2020-01-01', null, null),
           (3, 'FAILED', '2020-01-01', '2020-01-02', ${stored}), (4, 'FAILED', '2020-01-01', '2020-01-02', null)`,
      );

      const scoped = knexStore(knex, { schema: { allocations: null }, filters: { scope: { held: value } } });
      const others = knexStore(knex, {
        schema: { allocations: null },
        filters: { exclude: { held: value } },
      });
      const all = knexStore(knex, { schema: { allocations: null } });
      const stuck = ({ repository, transaction }: typeof all) =>
        transaction(async (trx) => (await repository.getStuckJobs(trx, 48)).map(({ id }) => id));
      expect(await stuck(scoped)).toEqual(matches ? ['1'] : []);
      expect(await stuck(others)).toEqual(matches ? ['2'] : ['1', '2']);

      // UPDATE and DELETE are stricter about values of other types than SELECT is.
      const { failed, deleted } = await all.transaction(async (trx) => {
        const jobs = await all.repository.getStuckJobs(trx, 48);
        const old = await all.repository.getOldJobs(trx, 30);
        const idsOfFailed = async ({ repository }: typeof all) =>
          (await repository.markJobsAsFailed(trx, jobs, 'Stuck')).map(({ id }) => id);
        const idsThatStay = async ({ repository }: typeof all) => {
          await repository.deleteJobsBatch(trx, old);
          return (await all.repository.getOldJobs(trx, 30)).map(({ id }) => id);
        };
        return {
          failed: [await idsOfFailed(scoped), await idsOfFailed(others)],
          deleted: [await idsThatStay(scoped), await idsThatStay(others)],
        };
      });
      expect(failed).toEqual(matches ? [['1'], ['2']] : [[], ['1', '2']]);
      expect(deleted).toEqual(matches ? [['4'], []] : [['3', '4'], []]);
    });
  });
}
