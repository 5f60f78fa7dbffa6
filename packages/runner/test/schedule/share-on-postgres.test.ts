import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import createKnex, { type Knex } from 'knex';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRunner, type PassStartEvent, type Runner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';

const cluster = useCluster();
const script = fileURLToPath(new URL('../fixtures/runner-on-postgres.mjs', import.meta.url));
const pools: Knex[] = [];
const runners: Runner[] = [];

/** The server itself writes down each turn as it begins. */
const WATCH_TURNS = `
  drop table if exists turns;
  create table turns (at timestamptz not null, holder text not null);
  create or replace function note_turn() returns trigger language plpgsql as $$
    begin insert into turns values (clock_timestamp(), new.holder); return new; end $$;
  drop trigger if exists note_turn on jobsweep_claims;
  create trigger note_turn after insert or update of term on jobsweep_claims
    for each row when (new.holder is not null) execute function note_turn();`;

beforeEach(async () => {
  await cluster.damageWithOwnTables();
  await cluster.sql.query(WATCH_TURNS);
});

afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  await Promise.all(pools.splice(0).map((knex) => knex.destroy()));
});

/** A runner with connections of its own. */
function aRunner(): Runner {
  const knex = createKnex({ client: 'pg', connection: cluster.url, pool: { min: 0, max: 3 } });
  pools.push(knex);
  const store = knexStore(knex);
  const strategies = createStrategies(store, { completed_job_cleanup: { intervalSeconds: 0.5 } }).slice(0, 1);
  const runner = createRunner({ store, strategies, claims: 'required', termSeconds: 1 });
  runners.push(runner);
  return runner;
}

/** Resolves with the event of the pass that is the `count`th of them all. */
function passStarted(all: readonly Runner[], count: number): Promise<PassStartEvent> {
  let seen = 0;
  return new Promise((resolve) => {
    for (const runner of all) {
      runner.on('pass:start', (event) => {
        seen += 1;
        if (seen === count) resolve(event);
      });
    }
  });
}

describe('Two runners on one server', () => {
  test('share one pass for each interval, as the server saw it', async () => {
    const two = [aRunner(), aRunner()];
    const sixth = passStarted(two, 6);
    await Promise.all(two.map((runner) => runner.start()));
    await sixth;
    await Promise.all(two.map((runner) => runner.stop()));
    const { rows } = await cluster.sql.query<{ gap: string | null; holder: string }>(
      'select extract(epoch from at - lag(at) over (order by at)) as gap, holder from turns order by at',
    );
    const gaps = rows.flatMap(({ gap }) => (gap === null ? [] : [Number(gap)]));
    expect(gaps.length).toBeGreaterThanOrEqual(5);
    // The turn's own time was taken a moment before the row was written.
    expect(Math.min(...gaps)).toBeGreaterThan(0.45);
    const { rows: held } = await cluster.sql.query('select * from jobsweep_claims where holder is not null');
    expect(held).toEqual([]);
    const { rows: unreleased } = await cluster.sql.query(
      "select 1 from resource_allocations a join jobs j on j.id = job_id where j.state in ('COMPLETED', 'FAILED', 'CANCELLED') and status <> 'RELEASED'",
    );
    expect(unreleased).toEqual([]);
  });

  test('of which one is killed in a batch: the other takes over, and nothing of that batch was kept', async () => {
    const child = fork(script, [cluster.url]);
    const [holder] = (await once(child, 'message')) as [string];
    const runner = aRunner();
    const taken = passStarted([runner], 1);
    const repaired = new Promise<void>((resolve) => {
      runner.on('pass:end', ({ report }) => {
        if (report.status === 'done') resolve();
      });
    });
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await runner.start();
    expect((await taken).claim).toEqual({ lapsed: holder });
    await repaired;
    await runner.stop();
    expect(await knexStore(cluster.knex).journal.read()).toMatchObject([
      { holder: runner.status().holder, itemsCleaned: 3 },
    ]);
  });
});

test('A round on a port where nobody listens fails, and a start goes on asking', async () => {
  const knex = createKnex({ client: 'pg', connection: 'postgres://jobsweep:hunter2@127.0.0.1:1/none' });
  pools.push(knex);
  const runner = createRunner({ store: knexStore(knex) });
  runners.push(runner);
  await runner.start();
  expect(runner.status()).toMatchObject({
    state: 'running',
    isReady: false,
    notReadyReason: 'The database cannot be reached (CONNECTION_LOST, ECONNREFUSED)',
  });
});
