import type { Cluster } from '@jobsweep/contract';
import { enginesOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const engines = enginesOfRun().filter((engine) => engine !== 'postgres');

describe.each(engines)('store.transaction on %s', (engine) => {
  let knex: Knex;
  let cluster: Cluster<Knex.Transaction>;
  beforeAll(async () => {
    const connect = (url: string) => {
      knex = createKnex({ client: 'mysql2', connection: url, pool: { min: 0, max: 4 } });
      return Promise.resolve({ store: (options = {}) => knexStore(knex, options), close: () => knex.destroy() });
    };
    cluster = await sqlSubject('transactions', engine, connect).open();
  });
  afterAll(() => cluster.close());

  test('does not say that it is done when an operation had failed and its work went on', async () => {
    await cluster.seed({ jobs: [{ id: '1', state: 'RUNNING', startTime: '2020-01-01T00:00:00.000000Z' }] });
    await knex.schema.renameTable('resource_allocations', 'elsewhere');
    const { repository, transaction } = cluster.store();
    const work = transaction(async (trx) => {
      const jobs = await repository.getStuckJobs(trx, 48);
      expect(await repository.markJobsAsFailed(trx, jobs, 'too long')).toHaveLength(1);
      await repository.countCompletedJobsWithUnreleasedResources(trx).catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    await knex.schema.renameTable('elsewhere', 'resource_allocations');
    expect((await cluster.read()).jobs).toMatchObject([{ state: 'RUNNING' }]);
  });

  test("tells the level of an application's own transaction while somebody's statement holds letters of four bytes", async () => {
    const { repository } = cluster.store();
    const others = await knex.transaction();
    await others('jobs').select('id');
    const working = others.raw('select sleep(0.7) from dual where ? <> 1', ['🧹'.repeat(3000)]).then();
    const own = knex.transaction((trx) => repository.deleteJobsBatch(trx, []), { isolationLevel: 'read committed' });
    await expect(own).resolves.toBe(0);
    await working;
    await others.rollback();
  });
});
