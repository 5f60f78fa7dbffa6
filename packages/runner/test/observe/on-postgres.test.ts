import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import createKnex from 'knex';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRunner, type Runner, type RunnerOptions } from '../../src/index.js';
import { createLogger, createMetrics, logPasses, serveHttp } from '../../src/observe/index.js';
import { useCluster } from '../support/cluster.js';
import { valuesOf } from '../support/exposition.js';

const cluster = useCluster();
const HOUR = 3600;
const DAY = 86_400;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Options = Partial<RunnerOptions<never>>;

/** A runner on the cluster whose strategies, all of them, have a turn every few milliseconds. */
async function busyRunner(options: Options = {}) {
  const store = knexStore(cluster.knex);
  await store.ownTables.create();
  const strategies = createStrategies(store, {
    old_job_cleanup: { enabled: true },
    orphaned_allocation_cleanup: { enabled: true },
  });
  const schedules = Object.fromEntries(strategies.map(({ name }) => [name, { intervalSeconds: 0.02 }]));
  const runner = createRunner({ store, strategies, schedules, ...options });
  cleanups.push(() => runner.stop());
  return { store, runner };
}

/** Resolves once so many turns ended, of each strategy or of one. */
function turnsOf(runner: Runner, times: number, names = runner.strategies.map(({ name }) => name)): Promise<void> {
  const left = new Map(names.map((name) => [name, times]));
  return new Promise((resolve) => {
    const end = runner.on('pass:end', ({ strategy, report }) => {
      if (report.pass === undefined) return;
      left.set(strategy, (left.get(strategy) ?? 0) - 1);
      if ([...left.values()].some((turns) => turns > 0)) return;
      end();
      resolve();
    });
  });
}

beforeEach(async () => {
  await cluster.sql.query('drop table if exists jobsweep_claims, jobsweep_history');
  await cluster.damage();
});

describe('The metrics of a real runner', () => {
  test('say what it repaired, and how long that had been due', async () => {
    const { runner } = await busyRunner();
    const metrics = createMetrics(runner);
    const done = turnsOf(runner, 1);
    await runner.start();
    await done;
    await runner.stop();
    const values = async (name: string) => valuesOf(await metrics.metrics(), `jobsweep_${name}`);

    expect(await values('items_total')).toEqual({
      'completed_job_cleanup cleaned': 3,
      'stale_reservation_cleanup cleaned': 2,
      'stuck_job_cleanup cleaned': 14,
      'old_job_cleanup cleaned': 1,
    });
    // Finished an hour ago; reserved an hour ago, with a limit of ten minutes; started 11 to 24 days ago, with one of two.
    const leaked = await values('leaked_resource_seconds_total');
    expect(Object.keys(leaked)).toHaveLength(3);
    expectNear(leaked.completed_job_cleanup, 3 * HOUR);
    expectNear(leaked.stale_reservation_cleanup, 2 * (HOUR - 600));
    expectNear(leaked.stuck_job_cleanup, (245 - 14 * 2) * DAY);
    expectNear((await values('time_to_heal_seconds_sum')).old_job_cleanup, 10 * DAY);
    expect(await values('time_to_heal_seconds_count')).toEqual({
      completed_job_cleanup: 3,
      stale_reservation_cleanup: 2,
      stuck_job_cleanup: 14,
      old_job_cleanup: 1,
    });

    const claims = await values('claims_total');
    const turns = await values('turns_total');
    for (const { name } of runner.strategies) {
      expect(claims[`${name} acquired`]).toBe((turns[`${name} done`] ?? 0) + (turns[`${name} skipped`] ?? 0));
    }
    expect(await values('coordinated')).toEqual({ '': 1 });
    expect(await values('errors_total')).toEqual({});
    expect(Math.abs((await values('clock_skew_seconds'))[''] ?? 0)).toBeLessThan(5);
  });

  test('count in the backlog what the database has', async () => {
    const { runner, store } = await busyRunner();
    let left = runner.strategies.length;
    let looked: () => void;
    const all = new Promise<void>((resolve) => {
      looked = resolve;
    });
    const totals: typeof store.inspect.totals = async (rule, options) => {
      const found = await store.inspect.totals(rule, options);
      left -= 1;
      if (left === 0) setImmediate(looked);
      return found;
    };
    const metrics = createMetrics(runner, { inspect: { totals } });
    cleanups.push(() => metrics.close());
    await all;
    const text = await metrics.metrics();
    expect(valuesOf(text, 'jobsweep_due_rows')).toEqual({
      completed_job_cleanup: 3,
      stale_reservation_cleanup: 2,
      stuck_job_cleanup: 14,
      old_job_cleanup: 1,
    });
    const ages = valuesOf(text, 'jobsweep_oldest_due_age_seconds');
    expectNear(ages.stuck_job_cleanup, 24 * DAY);
    expectNear(ages.old_job_cleanup, 40 * DAY);
  });

  test('ask the database nothing when they are read', async () => {
    const { runner, store } = await busyRunner();
    const metrics = createMetrics(runner, { inspect: store.inspect, backlogSeconds: 0 });
    const server = await serveHttp(runner, { port: 0, metrics });
    cleanups.push(() => server.close());
    const done = turnsOf(runner, 1);
    await runner.start();
    await done;
    await runner.stop();
    let queries = 0;
    const count = () => {
      queries += 1;
    };
    cluster.knex.on('query', count);
    for (let scrape = 0; scrape < 50; scrape++) {
      for (const path of ['/metrics', '/readyz', '/healthz']) {
        await (await fetch(`http://127.0.0.1:${server.port}${path}`)).text();
      }
    }
    cluster.knex.off('query', count);
    expect(queries).toBe(0);
  });
});

describe('The log of a real runner', () => {
  test('has one line at info for a pass that did something, and none for all those that had nothing to do', async () => {
    const lines: Record<string, unknown>[] = [];
    const output = { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
    const logger = createLogger({ output, format: 'json' });
    const { runner } = await busyRunner({ logger });
    cleanups.push(logPasses(runner, logger));
    const repaired = turnsOf(runner, 1);
    await runner.start();
    await repaired;
    const passes = lines.filter(({ stopReason }) => stopReason !== undefined);
    expect(Object.fromEntries(passes.map(({ strategy, itemsCleaned }) => [strategy, itemsCleaned]))).toEqual({
      completed_job_cleanup: 3,
      stale_reservation_cleanup: 2,
      stuck_job_cleanup: 14,
      old_job_cleanup: 1,
    });
    expect(passes[0]).toMatchObject({
      level: 'info',
      status: 'done',
      stopReason: 'drained',
      durationMs: expect.any(Number),
    });

    lines.length = 0;
    await turnsOf(runner, 25);
    expect(lines).toEqual([]);
  });
});

describe('The health of a real runner', () => {
  const served = async (runner: Runner) => {
    const server = await serveHttp(runner, { port: 0 });
    cleanups.push(() => server.close());
    return async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
  };

  test('is ready once the database answered, and no more as soon as it stops, while a batch is in hand', async () => {
    let reached = () => {};
    let release = () => {};
    const inHand = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const onRepaired = async () => {
      reached();
      await released;
    };
    const { runner } = await busyRunner({ onRepaired });
    cleanups.push(release);
    const ask = await served(runner);
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: { reason: 'The runner is not started' } });
    await runner.start();
    await inHand;
    expect(await ask('/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
    const stopped = runner.stop();
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: { reason: 'The runner is stopping' } });
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
    release();
    await stopped;
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: { reason: 'The runner is not started' } });
  });

  test('is unready and alive without a database, and names no password', async () => {
    const knex = createKnex({ client: 'pg', connection: 'postgres://ann:geheim@127.0.0.1:1/cluster' });
    cleanups.push(() => knex.destroy());
    const runner = createRunner({ store: knexStore(knex) });
    cleanups.push(() => runner.stop());
    const ask = await served(runner);
    await runner.start();
    const answer = await ask('/readyz');
    expect(answer).toMatchObject({ status: 503, body: { reason: expect.stringContaining('ECONNREFUSED') } });
    expect(JSON.stringify(answer)).not.toContain('geheim');
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });
});

/** Not less, and at most two minutes more. */
function expectNear(actual: number | undefined, expected: number): void {
  expect(actual).toBeGreaterThanOrEqual(expected);
  expect(actual).toBeLessThan(expected + 120);
}
