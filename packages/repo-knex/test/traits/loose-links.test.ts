import type { AllocationsTableOption } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

for (const engine of enginesOfRun()) {
  const isPostgres = engine === 'postgres';
  const [exact, loose] = isPostgres
    ? ['text', 'text collate caseless']
    : ['varchar(40) collate utf8mb4_bin', 'varchar(40) collate utf8mb4_general_ci'];
  const time = isPostgres ? 'timestamptz' : 'datetime(6)';

  describe(`On ${engine}, columns that name jobs`, () => {
    const database = freshDatabase('loose-links', engine);
    let knex: Knex;
    beforeAll(async () => {
      knex = createKnex({ client: isPostgres ? 'pg' : 'mysql2', connection: database.url });
      if (isPostgres)
        await knex.raw("create collation caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
      for (const [name, id] of Object.entries({ exact, loose })) {
        const columns = `name varchar(40), state varchar(40), start_time ${time}, end_time ${time}, error_msg text, exit_code text`;
        await knex.raw(`create table ${name} (id ${id} primary key, ${columns})`);
      }
      await knex.raw(
        `create table numbered (id bigint primary key, name varchar(40), state varchar(40), start_time ${time}, end_time ${time}, error_msg text, exit_code text)`,
      );
      await knex.raw(`create table steps (id int primary key, job ${exact})`);
      await knex.raw(
        `create table held (id int primary key, exact ${exact}, loose ${loose}, number int, status varchar(40), allocation_time ${time}, released_time ${time})`,
      );
      await knex.raw(`create table logs (id ${exact} primary key, job ${exact})`);
      await knex.raw(`create table log_lines (id int primary key, log ${loose})`);
    });
    afterAll(() => knex.destroy());

    const findings = (jobs: string, jobId: string) => {
      const dependents = { delete: [{ table: 'logs', key: 'job', dependents: [{ table: 'log_lines', key: 'log' }] }] };
      const allocations = { table: 'held', columns: { jobId } };
      return knexStore(knex, { schema: { jobs: { table: jobs }, allocations, dependents } }).inspect.schema();
    };
    const nested = { path: 'schema.dependents.delete[0].dependents[0].key' };

    test('tell no less apart than the key of jobs does', async () => {
      const jobId = 'schema.allocations.columns.jobId';
      expect(await findings('exact', 'exact')).toMatchObject([nested]);
      expect(await findings('exact', 'loose')).toMatchObject([{ path: jobId, mistake: { column: 'loose' } }, nested]);
      expect(await findings('exact', 'number')).toMatchObject([{ path: jobId, mistake: { column: 'number' } }, nested]);
      expect(await findings('loose', 'loose')).toMatchObject([nested]);
      expect(await findings('loose', 'exact')).toMatchObject([nested]);
    });

    test('are no texts where the key is a number, neither those of allocations nor those between', async () => {
      const linkType = { kind: 'linkType', key: 'id', keyType: 'bigint' };
      const via = { table: 'steps', jobId: 'job' };
      const of = (allocations: AllocationsTableOption) =>
        knexStore(knex, {
          schema: { jobs: { table: 'numbered' }, allocations: { table: 'held', ...allocations } },
        }).inspect.schema();
      expect(await of({ columns: { jobId: 'exact' } })).toMatchObject([
        { path: 'schema.allocations.columns.jobId', mistake: { ...linkType, column: 'exact' } },
      ]);
      expect(await of({ columns: { jobId: 'number' }, via })).toMatchObject([
        { path: 'schema.allocations.via.jobId', mistake: { ...linkType, column: 'job' } },
      ]);
      expect(await of({ columns: { jobId: 'number' } })).toEqual([]);
    });
  });
}
