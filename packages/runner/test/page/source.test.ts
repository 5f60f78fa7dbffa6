import { createStrategies } from '@jobsweep/core';
import { createDashboard } from '@jobsweep/dashboard';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRunner, dashboardSource } from '../../src/index.js';
import { type Cluster, openCluster, PAGE_ENGINES, seed } from './support/served.js';

const HOUR = 3_600_000;

describe.each(PAGE_ENGINES)('The page on %s', (engine) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await openCluster(engine, `runner page ${engine}`);
  });
  afterAll(() => cluster.close());
  beforeEach(() => seed(cluster));

  const opened = () => {
    const store = cluster.store();
    const strategies = createStrategies(store);
    const dashboard = createDashboard(dashboardSource(store, strategies), { authorize: () => true });
    const ask = async (path: string) => {
      const response = await dashboard(new Request(`http://localhost/api/${path}`));
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { store, strategies, ask };
  };
  /** What it says once all is counted. */
  const counted = async ({ ask }: ReturnType<typeof opened>) => {
    await ask('now');
    return expect.poll(async () => (await ask('now')).body, { timeout: 20_000 });
  };

  test('tells what is due and how old it is, before and after it was repaired, and what that changed', async () => {
    const { store, strategies, ask } = opened();
    await store.ownTables.create();
    const before = await counted({ store, strategies, ask });
    await before.toMatchObject({
      config: 'main',
      isInitialized: true,
      passes: [],
      strategies: [
        {
          name: 'completed_job_cleanup',
          claim: null,
          nextDueAt: null,
          backlog: { due: 1, population: 1, lastRepair: null },
        },
        { name: 'stale_reservation_cleanup', backlog: { due: 0, population: 2 } },
        { name: 'stuck_job_cleanup', ageLimitSeconds: 172_800, backlog: { due: 1, population: 2 } },
        { name: 'old_job_cleanup', isEnabled: false, backlog: null },
        { name: 'orphaned_allocation_cleanup', isEnabled: false },
      ],
    });

    const runner = createRunner({ store, strategies, claims: 'required' });
    expect((await runner.runOnce()).ok).toBe(true);
    await runner.stop();

    const after = opened();
    await (await counted(after)).toMatchObject({
      passes: [
        { strategy: 'stuck_job_cleanup', itemsCleaned: 1 },
        { strategy: 'completed_job_cleanup', itemsCleaned: 1 },
      ],
      strategies: [
        {
          claim: { holder: null, startedAt: expect.any(String), isLapsed: false },
          nextDueAt: expect.any(String),
          backlog: { due: 0, lastRepair: { itemsCleaned: 1 } },
        },
        { backlog: { due: 0 } },
        { backlog: { due: 0, lastRepair: { itemsCleaned: 1 } } },
        {},
        {},
      ],
    });
  });

  test('sums up what was done, how long that had been due, and which rows it changed', async () => {
    const { store, strategies, ask } = opened();
    await store.ownTables.create();
    const runner = createRunner({ store, strategies, claims: 'required' });
    await runner.runOnce();
    await runner.stop();
    const { body } = await ask('history?range=day');
    const spans = body.spans as { strategy: string; itemsCleaned: number; dueMs: number; longestDueMs: number }[];
    const due = Object.fromEntries(spans.map(({ strategy, dueMs }) => [strategy, Math.floor(dueMs / HOUR)]));
    // A finished job is due at once, a stuck one after 48 hours.
    expect(due).toEqual({ completed_job_cleanup: 2, stuck_job_cleanup: 24 });
    expect(spans.map(({ dueMs, longestDueMs }) => dueMs - longestDueMs)).toEqual([0, 0]);

    const { passes } = (await ask('passes?strategy=stuck_job_cleanup')).body as { passes: { id: string }[] };
    expect(passes).toHaveLength(1);
    expect((await ask(`pass?id=${passes[0]?.id}`)).body).toMatchObject({
      pass: { id: passes[0]?.id, strategy: 'stuck_job_cleanup', itemsCleaned: 1, stopReason: 'drained' },
    });
    const { changes } = (await ask(`changes?id=${passes[0]?.id}`)).body as { changes: object[] };
    expect(changes).toEqual([
      {
        ...{ id: expect.any(String), table: expect.stringContaining('jobs'), rowId: '2', jobId: '2', undoneAt: null },
        before: expect.objectContaining({ state: 'RUNNING' }),
        after: expect.objectContaining({ state: 'FAILED' }),
      },
    ]);
    for (const none of ['0', 'nothing', '']) expect((await ask(`pass?id=${none}`)).status).toBe(404);
  });

  test('plans, and finds what the doctor finds, in one line whatever strangers have written', async () => {
    const { store, ask } = opened();
    await store.ownTables.create();
    const { body } = await ask('plan');
    const plans = body.strategies as { name: string; due: number; samples: { description: string }[] }[];
    expect(plans.map(({ name, due }) => [name, due])).toContainEqual(['stuck_job_cleanup', 1]);
    const stuck = plans.find(({ name }) => name === 'stuck_job_cleanup');
    expect(stuck?.samples[0]?.description).toBe(
      'Stuck job 2 (<img src=x onerror="alert(1)"><script>alert(2)</script>\\u{202e}\\u{1b}[2J)',
    );
    const doctor = (await ask('doctor')).body;
    expect(doctor.checks).toContainEqual(expect.objectContaining({ name: 'server', status: 'fine' }));
    expect(doctor.findings).toContainEqual(
      expect.objectContaining({ check: 'violations', subject: 'stuck_job_cleanup' }),
    );
  });

  test('says what it does not know where jobsweep’s own tables are missing', async () => {
    const given = opened();
    await (await counted(given)).toMatchObject({
      isInitialized: false,
      passes: [],
      strategies: expect.arrayContaining([
        expect.objectContaining({ name: 'stuck_job_cleanup', backlog: expect.objectContaining({ due: 1 }) }),
      ]),
    });
    for (const path of ['history', 'passes']) {
      expect(await given.ask(path)).toMatchObject({ status: 503, body: { error: { code: 'NOT_INITIALIZED' } } });
    }
  });
});
