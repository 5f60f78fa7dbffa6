import { CompletedJobCleanupStrategy, OldJobCleanupStrategy, runPass } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';

const cluster = useCluster();

// Rows that differ from a state by their letters alone fill no page, and hide nobody.
describe('states in a column whose collation knows no case', () => {
  beforeEach(async () => {
    await cluster.sql.query(
      `create collation if not exists caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
       alter table jobs alter state type text collate caseless;
       alter table resource_allocations alter status type text collate caseless`,
    );
    await cluster.sql.query(
      `insert into jobs (id, state, start_time, end_time)
       select id, case when id <= 30 then 'completed' else 'COMPLETED' end, now() - interval '90 days',
         now() - interval '80 days' + id * interval '1 second' from generate_series(1, 33) as id`,
    );
  });

  const pass = { batchRows: 10 };

  test('are deleted to the letter', async () => {
    const store = cluster.store();
    const result = await runPass(store, new OldJobCleanupStrategy(store.repository), pass);
    expect(result).toMatchObject({ itemsCleaned: 3, itemsFound: 3, stopReason: 'drained' });
    const { rows } = await cluster.sql.query('select count(*)::int as left from jobs');
    expect(rows).toEqual([{ left: 30 }]);
  });

  test('are released to the letter', async () => {
    await cluster.sql.query(
      `insert into resource_allocations (id, job_id, status)
       select id, id, case when id = 31 then 'allocated' else 'ALLOCATED' end from generate_series(1, 33) as id`,
    );
    const store = cluster.store();
    const result = await runPass(store, new CompletedJobCleanupStrategy(store.repository), pass);
    expect(result).toMatchObject({ itemsCleaned: 2, itemsFound: 2, stopReason: 'drained' });
    const { rows } = await cluster.sql.query(
      "select id::int from resource_allocations where status = 'RELEASED' order by id",
    );
    expect(rows).toEqual([{ id: 32 }, { id: 33 }]);
  });

  test('count to the letter', async () => {
    const { inspect } = cluster.store();
    expect(await inspect.totals({ name: 'old_job_cleanup', maxAgeDays: 30 })).toMatchObject({ due: 3, population: 3 });
  });
});
