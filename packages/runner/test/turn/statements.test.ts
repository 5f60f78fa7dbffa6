import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRunner, type Runner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { statuses } from '../support/reports.js';

const cluster = useCluster();

const CONTROL = /^(begin|commit|rollback|set transaction|select set_config|select current_setting)/i;

/** The statements that read or write tables in one round. */
async function dataStatementsOf(runner: Runner, dryRun = false): Promise<string[]> {
  const statements: string[] = [];
  const note = ({ sql }: { sql: string }) => void (CONTROL.test(sql) || statements.push(sql));
  cluster.knex.on('query', note);
  try {
    await runner.runOnce({ dryRun });
  } finally {
    cluster.knex.removeListener('query', note);
  }
  return statements;
}

const ALL = { old_job_cleanup: { enabled: true }, orphaned_allocation_cleanup: { enabled: true } };

describe('A round of all strategies with nothing to do', () => {
  beforeEach(async () => {
    await cluster.damage();
  });

  test('costs one data statement for each, once the first round has looked at the schema', async () => {
    const store = knexStore(cluster.knex);
    const runner = createRunner({ store, strategies: createStrategies(store, ALL) });
    await runner.runOnce();
    expect(new Set(Object.values(statuses(await runner.runOnce())))).toEqual(new Set(['skipped']));

    expect(await dataStatementsOf(runner)).toHaveLength(5);
    expect(await dataStatementsOf(runner, true)).toHaveLength(5);
  });

  test('looks at the schema, indexes and states in a fixed number of statements', async () => {
    const store = knexStore(cluster.knex);
    const strategies = createStrategies(store, ALL);
    await createRunner({ store, strategies }).runOnce();
    const first = await dataStatementsOf(createRunner({ store, strategies, claims: 'off' }));
    // Of each table what it is, its indexes and its states; then what each strategy asks.
    expect(first).toHaveLength(2 * (3 + 2 + 2) + 5);
    const [types, kind, keys, ...ofAllocations] = first;
    for (const question of [types, ofAllocations[0]]) expect(question).toMatch(/pg_typeof.* left join .* on 1 = 0/);
    for (const question of [kind, ofAllocations[1]]) expect(question).toMatch(/from pg_class/);
    for (const question of [keys, ofAllocations[2]]) expect(question).toMatch(/from pg_index/);
  });

  test('costs as many where turns are claimed, and two for each claim', async () => {
    const store = knexStore(cluster.knex);
    await store.ownTables.create();
    const strategies = createStrategies(store, ALL);
    const runner = createRunner({ store, strategies, claims: 'required' });
    await runner.runOnce();
    const statements = await dataStatementsOf(runner);
    const ofClaims = statements.filter((sql) => sql.includes('jobsweep_'));
    expect(statements.length - ofClaims.length).toBe(5);
    expect(ofClaims).toHaveLength(5 * 2);
  });
});
