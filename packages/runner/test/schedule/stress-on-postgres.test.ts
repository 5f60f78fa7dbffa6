import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import createKnex, { type Knex } from 'knex';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { numbers } from '../support/numbers.js';

const cluster = useCluster();
const RUNNER = 'runner-under-stress';
const SEEDS = [1, 2, 3];
const STOPS = 20;
let knex: Knex;

beforeEach(async () => {
  await cluster.damage();
  await cluster.sql.query('drop table if exists jobsweep_claims, jobsweep_history');
  knex = createKnex({
    client: 'pg',
    connection: { connectionString: cluster.url, application_name: RUNNER },
    pool: { min: 0, max: 4 },
  });
  await knexStore(knex).ownTables.create();
});
afterEach(() => knex.destroy());

/** What the server says that the runner's connections do: nothing, once it has stopped. */
async function atWork(): Promise<unknown[]> {
  const busy = `select state, query from pg_stat_activity
    where application_name = $1 and datname = current_database() and (state <> 'idle' or backend_xid is not null)`;
  return (await cluster.sql.query(busy, [RUNNER])).rows as unknown[];
}

/** Every row that the runner could write, with the transaction that wrote it. */
async function written(): Promise<unknown[]> {
  const own = async (table: string) =>
    (await cluster.sql.query(`select xmin::text, t.* from ${table} t order by 1, 2`)).rows as unknown[];
  return [await cluster.everything(), await own('jobsweep_claims'), await own('jobsweep_history')];
}

/** There is work again for both strategies. */
const DAMAGE_AGAIN = `
  update resource_allocations set status = 'ALLOCATED', released_time = null where job_id in (1, 2, 3);
  update jobs set state = 'RUNNING', end_time = null, error_msg = null where id between 11 and 24`;

test.each(SEEDS)(
  'after a stop, whatever else was asked for, nothing is written and no turn is held: seed %i',
  async (seed) => {
    const random = numbers(seed);
    const store = knexStore(knex);
    const strategies = createStrategies(store, {
      completed_job_cleanup: { intervalSeconds: 0.01 },
      stuck_job_cleanup: { intervalSeconds: 0.01 },
    }).filter(({ name }) => name === 'completed_job_cleanup' || name === 'stuck_job_cleanup');
    const runner = createRunner({
      ...{ store, strategies, claims: 'required', breaker: false, batchRows: 2, pauseFraction: 0, jitter: 0 },
    });
    /** Resolves when so many batches more were committed. */
    const batches = (count: number) =>
      new Promise<void>((resolve) => {
        let seen = 0;
        const silence = runner.on('batch', () => {
          seen += 1;
          if (seen < count) return;
          silence();
          resolve();
        });
      });
    const ends = new Set<string | undefined>();
    runner.on('pass:end', ({ report }) => void ends.add(report.pass?.stopReason));
    const steps = [
      () => runner.start(),
      () => runner.start(),
      () => runner.stop(),
      () => runner.stop({ graceSeconds: 0 }),
      () => runner.runOnce(),
    ];

    for (let stop = 0; stop < STOPS; stop++) {
      await cluster.sql.query(DAMAGE_AGAIN);
      const atWorkAgain = batches(1 + Math.floor(random() * 5));
      const asked: Promise<unknown>[] = [runner.start()];
      await atWorkAgain;
      while (random() < 0.7) {
        asked.push(steps[Math.floor(random() * steps.length)]?.() ?? Promise.resolve());
        while (random() < 0.5) await cluster.sql.query('select 1');
      }
      await runner.stop(random() < 0.5 ? { graceSeconds: 0 } : {});
      // The server ends a look that was given up a moment later.
      await expect.poll(atWork, { timeout: 5000, interval: 20 }).toEqual([]);
      const atStop = await written();
      const held = 'select strategy, holder from jobsweep_claims where holder is not null';
      expect((await cluster.sql.query(held)).rows).toEqual([]);

      await Promise.all(asked);
      for (let look = 0; look < 5; look++) expect(await written()).toEqual(atStop);
      expect(runner.status().state).toBe('idle');
    }
    expect(ends).toContain('aborted');
  },
);
