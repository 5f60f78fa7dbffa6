import {
  createStrategies,
  type FilterOptions,
  runPass,
  USUAL_STRATEGY_NAMES,
  type UsualStrategyName,
} from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { isData, statementsOf } from './support/statements.js';

const cluster = useCluster();

const FILTERS: FilterOptions = {
  scope: { owner: ['alice', null] },
  exclude: [{ id: '7' }, { name: 'cron' }, { error_msg: 'keep' }],
  limitFor: { staleReservationMinutes: { slow: 60 }, stuckHours: { slow: 100 }, oldDays: { slow: 100 } },
  retentionDays: { FAILED: 40 },
};

/** The statements of one pass: those that read or write tables, and those that rule its transactions. */
async function statementsOfPass(name: UsualStrategyName, filters?: FilterOptions) {
  const store = cluster.store(filters && { filters });
  const strategy = createStrategies(store).find((candidate) => candidate.name === name);
  if (strategy === undefined) throw new Error(`No strategy ${name}`);
  const cleaned: number[] = [];
  const statements = await statementsOf(cluster.knex, async () => {
    cleaned.push((await runPass(store, strategy)).itemsCleaned);
  });
  const data = statements.filter(isData);
  return { cleaned: cleaned[0], data: data.length, control: statements.length - data.length };
}

/** Rows that are due, and others that are not: healthy jobs and finished ones that hold nothing. */
async function seed(due: number): Promise<void> {
  await cluster.sql.query(
    `insert into jobs (id, state, start_time, end_time)
     select id, case id % 4 when 1 then 'COMPLETED' else 'RUNNING' end, now() - interval '1 minute',
       case id % 4 when 1 then now() end from generate_series(1, 100) as id`,
  );
  const old = "now() - interval '50 days'";
  await cluster.sql.query(
    `with due as (
       insert into jobs (id, state, start_time, end_time)
       select id, case id % 4 when 0 then 'RUNNING' when 3 then 'RUNNING' else 'FAILED' end, ${old},
         case when id % 4 in (1, 2) then ${old} end from generate_series(1001, 1000 + 4 * $1::int) as id
       returning id)
     insert into resource_allocations (id, job_id, status, allocation_time)
     select id, id, case id % 4 when 0 then 'ALLOCATED' when 1 then 'RELEASED' when 2 then 'ALLOCATED' else 'RESERVED' end,
       ${old} from generate_series(1001, 1000 + 4 * $1::int) as id`,
    [due],
  );
}

describe.each(USUAL_STRATEGY_NAMES)('A pass of %s with nothing to do', (name) => {
  test('costs a look at the clock and one data statement, after a look at the release', async () => {
    await seed(0);
    expect(await statementsOfPass(name)).toEqual({ cleaned: 0, data: 1, control: 2 });
  });
});

// A foreign key keeps allocations from losing their job here.
describe.each(USUAL_STRATEGY_NAMES.filter((name) => name !== 'orphaned_allocation_cleanup'))('A pass of %s', (name) => {
  test('costs as many statements for 400 rows as for one', async () => {
    await seed(1);
    const one = await statementsOfPass(name);
    await cluster.sql.query('truncate jobs cascade');
    await seed(400);
    const many = await statementsOfPass(name);

    expect([one.cleaned, many.cleaned]).toEqual(name === 'stuck_job_cleanup' ? [2, 800] : [1, 400]);
    expect({ ...many, cleaned: 0 }).toEqual({ ...one, cleaned: 0 });
  });

  test('costs no statement more with filters', async () => {
    await seed(400);
    const all = await statementsOfPass(name);
    await cluster.sql.query('truncate jobs cascade');
    await seed(400);
    expect(await statementsOfPass(name, FILTERS)).toEqual(all);
  });
});
