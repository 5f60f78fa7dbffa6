import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRunner, type Runner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { statuses } from '../support/reports.js';

const cluster = useCluster();

const CONTROL = /^(begin|commit|rollback|select current_setting|select \(extract\(epoch from clock)/i;

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
    const asking = (what: RegExp) => first.filter((statement) => what.test(statement)).length;
    // The schema and the states: each asks three questions of each table, for its place, what it is and its name.
    expect(asking(/^\s*select c\.oid::text as oid/)).toBe(2 * 2);
    expect(asking(/^\s*select json_build_object/)).toBe(2 * 2);
    expect(asking(/^select quote_ident/)).toBe(2 * 2);
    expect(asking(/as letters, count/)).toBe(2);
    expect(first).toHaveLength(2 * 2 * 3 + 2 + 5);
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
