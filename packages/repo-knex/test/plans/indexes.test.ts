import {
  createStrategies,
  type FilterOptions,
  type Rule,
  USUAL_STRATEGY_NAMES,
  type UsualStrategyName,
} from '@jobsweep/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { advisedIndexes, useLargeCluster } from './support/large-cluster.js';
import { type Plan, planOf } from './support/plan.js';
import { isData, type Statement, statementsOf } from './support/statements.js';

const cluster = useLargeCluster();

/** Of the columns that the advised indexes have nothing of, and limits shorter and longer than the strategies'. */
const FILTERS: FilterOptions = {
  scope: { tenant: 7 },
  exclude: [{ id: '7' }, { name: 'cron' }, { error_msg: 'keep' }],
  limitFor: {
    staleReservationMinutes: { 'job 9': 5, 'job 8': 60 },
    stuckHours: { 'job 9': 40, 'job 8': 100 },
    oldDays: { 'job 9': 20, 'job 8': 80 },
  },
  retentionDays: { FAILED: 60 },
};

/** A foreign key keeps its rows from coming about, so it has one page here, which is empty. */
const ORPHANED = 'orphaned_allocation_cleanup';

const NAMES = USUAL_STRATEGY_NAMES.filter((name) => name !== ORPHANED);

/** What each strategy's pages are read from, and how a later page continues in it. */
const PAGES: Record<
  Exclude<UsualStrategyName, typeof ORPHANED>,
  { readonly index: string; readonly continues: RegExp }
> = {
  completed_job_cleanup: { index: 'jobsweep_allocations_unreleased', continues: /^\(id > / },
  stale_reservation_cleanup: { index: 'jobsweep_allocations_reserved', continues: /ROW\(allocation_time, id\) > / },
  stuck_job_cleanup: { index: 'jobsweep_jobs_running', continues: /ROW\(start_time, id\) > / },
  old_job_cleanup: { index: 'jobsweep_jobs_finished', continues: /ROW\(end_time, id\) > / },
};

interface Sent {
  readonly check: Statement[];
  readonly firstPage: Statement[];
  readonly laterPage: Statement[];
  readonly writes: Statement[];
}

/** Lets a strategy find and repair a batch, takes everything back, and gives what it sent. */
async function sentBy(name: UsualStrategyName, filters?: FilterOptions): Promise<Sent> {
  const store = knexStore(cluster.knex, filters && { filters });
  const strategy = createStrategies(store).find((candidate) => candidate.name === name);
  if (strategy === undefined) throw new Error(`No strategy ${name}`);
  const sent: Sent = { check: [], firstPage: [], laterPage: [], writes: [] };
  const trx = await cluster.knex.transaction();
  try {
    const note = async (part: keyof Sent, work: () => Promise<unknown>) =>
      sent[part].push(...(await statementsOf(cluster.knex, work)).filter(isData));
    await note('check', () => strategy.before(trx));
    const rows = await strategy.find(trx, { limit: 1000 });
    await note('firstPage', () => strategy.find(trx, { limit: 1000 }));
    await note('laterPage', () => strategy.find(trx, { limit: 1000, after: rows[Math.floor(rows.length / 2)] }));
    await note('writes', () => strategy.cleanup(trx, { rows }));
  } finally {
    await trx.rollback();
  }
  return sent;
}

const cases = NAMES.flatMap((name) => [
  { name, how: 'without filters', filters: undefined },
  { name, how: 'with filters', filters: FILTERS },
]);

describe.each(cases)('On 200 thousand jobs, with the advised indexes, $name $how', ({ name, filters }) => {
  let sent: Sent = { check: [], firstPage: [], laterPage: [], writes: [] };
  const plans = async (statements: readonly Statement[]): Promise<Plan[]> => {
    const all: Plan[] = [];
    for (const statement of statements) all.push(await planOf(cluster.sql, statement));
    return all;
  };

  beforeAll(async () => {
    sent = await sentBy(name, filters);
  });

  test('reads no table from end to end', async () => {
    const statements = [...sent.check, ...sent.firstPage, ...sent.laterPage, ...sent.writes];
    expect(statements.length).toBeGreaterThanOrEqual(4);
    for (const plan of await plans(statements)) {
      expect(plan.scanned).toEqual([]);
      expect(plan.indexes).not.toEqual([]);
    }
  });

  test('continues its pages inside its index, without sorting', async () => {
    const [page, ...others] = await plans(sent.laterPage);
    const { index, continues } = PAGES[name];
    expect(others).toEqual([]);
    expect(page).toMatchObject({ sorts: false, conditions: { [index]: expect.stringMatching(continues) } });
  });
});

test('On 200 thousand jobs, with the advised indexes, orphaned_allocation_cleanup reads what is not released', async () => {
  const [page, ...others] = (await sentBy(ORPHANED)).firstPage;
  expect(others).toEqual([]);
  const plan = await planOf(cluster.sql, page ?? { sql: '', bindings: [] });
  expect(plan).toMatchObject({ scanned: [], sorts: false });
  expect(plan.indexes).toContain('jobsweep_allocations_unreleased');
});

describe('On 200 thousand jobs, with the advised indexes, inspect.totals', () => {
  test.each<Rule>([
    { name: 'completed_job_cleanup' },
    { name: 'stale_reservation_cleanup', maxAgeMinutes: 10 },
    { name: 'stuck_job_cleanup', maxAgeHours: 48 },
  ])('of $name reads no table from end to end', async (rule) => {
    const store = knexStore(cluster.knex);
    const sent = (await statementsOf(cluster.knex, () => store.inspect.totals(rule))).filter(isData);
    expect(sent).toHaveLength(1);
    for (const statement of sent) expect((await planOf(cluster.sql, statement)).scanned).toEqual([]);
  });

  // Where nearly every job is finished, the table itself is the shortest way to the first ten thousand of them.
  test('of old_job_cleanup reads the oldest and the undated inside its index', async () => {
    const store = knexStore(cluster.knex);
    const rule: Rule = { name: 'old_job_cleanup', maxAgeDays: 30 };
    const sent = (await statementsOf(cluster.knex, () => store.inspect.totals(rule))).filter(isData);
    const [plan, ...others] = await Promise.all(sent.map((statement) => planOf(cluster.sql, statement)));
    expect(others).toEqual([]);
    expect(plan).toMatchObject({
      sorts: false,
      conditions: { jobsweep_jobs_finished: expect.stringContaining('end_time') },
    });
  });
});

describe('The advised indexes', () => {
  test('are each used by some strategy', async () => {
    const used = new Set<string>();
    for (const name of USUAL_STRATEGY_NAMES) {
      const { check, firstPage, laterPage, writes } = await sentBy(name);
      for (const statement of [...check, ...firstPage, ...laterPage, ...writes]) {
        for (const index of (await planOf(cluster.sql, statement)).indexes) used.add(index);
      }
    }
    const names = (await advisedIndexes()).map((line) => /EXISTS (\w+)/.exec(line)?.[1] ?? line);
    expect(names.filter((index) => !used.has(index))).toEqual([]);
  });

  // A prepared statement with a name may get a plan for any values, and such a plan cannot use a partial index.
  test('are not defeated by named prepared statements: knex sends none', async () => {
    const store = knexStore(cluster.knex);
    const prepared = await store.transaction(async (trx) => {
      for (let time = 0; time < 8; time += 1) await store.repository.getStuckJobs(trx, 48, { limit: 1 });
      return trx.select<{ name: string }[]>('name').from('pg_prepared_statements');
    });
    expect(prepared).toEqual([]);
  });
});
