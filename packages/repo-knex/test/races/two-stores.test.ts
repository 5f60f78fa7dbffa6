import { createStrategies, runPass } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';

const cluster = useCluster();

const JOBS = 120;

/** Due for every strategy at once: a third of the jobs each, and old jobs beside them. */
async function seedDue() {
  await cluster.sql.query(
    `insert into jobs (id, state, start_time, end_time)
     select id, case id % 4 when 0 then 'COMPLETED' when 3 then 'FAILED' else 'RUNNING' end,
       now() - interval '50 days', case when id % 4 in (0, 3) then now() - interval '40 days' end
     from generate_series(1, $1::int) as id`,
    [JOBS],
  );
  await cluster.sql.query(
    `insert into resource_allocations (id, job_id, status, allocation_time)
     select id, id, case id % 4 when 0 then 'ALLOCATED' when 1 then 'RESERVED' when 2 then 'ALLOCATED' else 'RELEASED' end,
       now() - interval '50 days' from generate_series(1, $1::int) as id`,
    [JOBS],
  );
}

const dueIds = (...remainders: number[]) =>
  Array.from({ length: JOBS }, (_, index) => index + 1).filter((id) => remainders.includes(id % 4));

describe('Two stores that run the same pass at once', () => {
  const due = {
    completed_job_cleanup: dueIds(0),
    stale_reservation_cleanup: dueIds(1),
    stuck_job_cleanup: dueIds(1, 2),
    old_job_cleanup: dueIds(3),
  };

  test.each(Object.entries(due))('%s: repair each row once, and together all of them', async (name, ids) => {
    await seedDue();
    const repaired: number[] = [];
    const passes = [1, 2].map(async () => {
      const store = cluster.store({ maxAttempts: 1, lockTimeoutSeconds: 0.5 });
      const strategy = createStrategies(store).find((candidate) => candidate.name === name);
      if (strategy === undefined) throw new Error(`No strategy ${name}`);
      const onRepaired = (rows: readonly { id: string }[]) => void repaired.push(...rows.map(({ id }) => Number(id)));
      return runPass(store, strategy, { batchRows: 7, pauseFraction: 0, onRepaired });
    });

    const results = await Promise.all(passes);

    expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(repaired.sort((one, other) => one - other)).toEqual(ids);
    expect(results.reduce((sum, { itemsCleaned }) => sum + itemsCleaned, 0)).toBe(ids.length);
  });
});
