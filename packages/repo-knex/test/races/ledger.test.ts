import { createStrategies, type PassResult, runPass } from '@jobsweep/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { runApplication } from './support/application.js';
import { judge, LEDGER } from './support/ledger.js';
import { randomOf } from './support/random.js';

const cluster = useCluster();

const JOBS = 400;
const ACTIONS = 800;
const EACH = ['completed_job_cleanup', 'stale_reservation_cleanup', 'stuck_job_cleanup', 'old_job_cleanup'];

beforeAll(async () => {
  await cluster.sql.query(LEDGER);
  for (const client of [cluster.sql, cluster.other]) await client.query("set application_name = 'application'");
});

/** Runs each strategy of a store of its own, again and again, until `isOver`. */
async function sweep(isOver: () => boolean, results: PassResult[]): Promise<void> {
  const store = cluster.store();
  const strategies = createStrategies(store);
  do {
    for (const strategy of strategies) {
      results.push(await runPass(store, strategy, { batchRows: 7, pauseFraction: 0 }));
    }
  } while (!isOver());
}

describe('A cluster at work while two stores sweep it', () => {
  test.each([1, 2])('keeps every finished job and every live allocation (seed %i)', async (seed) => {
    await cluster.sql.query(
      "insert into jobs (id, name, state) select id, 'job ' || id, 'PENDING' from generate_series(1, $1::int) id",
      [JOBS],
    );
    const random = randomOf(seed);
    const progress = { isOver: false };
    const results: PassResult[] = [];

    const application = Promise.all(
      [cluster.sql, cluster.other].map((sql) => runApplication(sql, random, JOBS, ACTIONS)),
    ).finally(() => {
      progress.isOver = true;
    });
    const sweeps = [1, 2].map(() => sweep(() => progress.isOver, results));
    await Promise.all([application, ...sweeps]);
    await sweep(() => true, results);

    expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
    const verdicts = await judge(cluster.sql);
    expect(verdicts.flatMap(({ broken }) => broken)).toEqual([]);
    expect(verdicts.filter(({ rule, times }) => rule !== 'nothing else' && times === 0)).toEqual([]);

    const cleaned = (name: string | undefined) =>
      results.filter((result) => result.name === name).reduce((sum, { itemsCleaned }) => sum + itemsCleaned, 0);
    const times = Object.fromEntries(verdicts.map((verdict) => [verdict.rule, verdict.times]));
    expect(cleaned(EACH[2])).toBe(times['fails stuck jobs']);
    expect(cleaned(EACH[3])).toBe(times['deletes old jobs']);
  });

  test('has nothing left to repair once it stands still', async () => {
    await cluster.sql.query(
      "insert into jobs (id, name, state) select id, 'job ' || id, 'PENDING' from generate_series(1, 50) id",
    );
    await runApplication(cluster.sql, randomOf(3), 50, 300);
    await sweep(() => true, []);
    const again: PassResult[] = [];
    await sweep(() => true, again);
    expect(again.map(({ name, status }) => [name, status])).toEqual(EACH.map((name) => [name, 'skipped']));
  });
});
