import { type AdapterModule, type CleanupStore, createStrategies, type DashboardSource } from '@jobsweep/core';
import { createDashboard, type DashboardOptions } from '@jobsweep/dashboard';
import * as knexAdapter from '@jobsweep/repo-knex';
import * as mongoAdapter from '@jobsweep/repo-mongo';
import { enginesOfRun, mongoSubject, sqlSubject } from '@jobsweep/test-engines/vitest';
import { onTestFinished } from 'vitest';
import { type DashboardSourceOptions, dashboardSource } from '../../../src/index.js';
import { serveHttp } from '../../../src/observe/index.js';
import { fakeRunner } from '../../support/fake-runner.js';

const STORES = [
  ['postgres', knexAdapter, sqlSubject],
  ['mongodb', mongoAdapter, mongoSubject],
] as const;

/** The engines of the run that the page is shown on. */
export const PAGE_ENGINES = STORES.map(([engine]) => engine).filter((engine) => enginesOfRun().includes(engine));

/** The suite's cluster: its rows are written through the plain driver. */
export type Cluster = Awaited<ReturnType<ReturnType<typeof sqlSubject<object>>['open']>>;

export async function openCluster(engine: (typeof PAGE_ENGINES)[number], name: string): Promise<Cluster> {
  const found = STORES.find(([one]) => one === engine);
  if (found === undefined) throw new Error(`The page is not shown on ${engine}`);
  const [, module, subject] = found;
  const connect = async (url: string) => {
    const { store, close } = await (module as AdapterModule<object>).openStore({ url });
    return { store: () => store, close };
  };
  return subject(name, engine, connect).open();
}

/** Serves the page of a store to this machine, up to the end of the test. Returns its address. */
export async function serve<Session>(
  store: CleanupStore<Session>,
  access: DashboardOptions = { authorize: () => true },
  told: DashboardSourceOptions = {},
) {
  const source = dashboardSource(store, createStrategies(store), told);
  return serveSource(source, access);
}

/** The same of what a source tells. */
export async function serveSource(source: DashboardSource, access: DashboardOptions = { authorize: () => true }) {
  const page = createDashboard(source, access);
  const server = await serveHttp(fakeRunner().runner, { port: 0, page });
  onTestFinished(() => server.close());
  return `http://127.0.0.1:${server.port}/`;
}

const HOUR = 3_600_000;
const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>\u202e\u001b[2J';
const ago = (ms: number) => new Date(Date.now() - ms).toISOString().replace('Z', '000Z');

/** Puts into the tables what completed and stuck cleanup repair, with a name of a stranger's, and makes the own tables anew. */
export async function seed(cluster: Cluster): Promise<void> {
  await cluster.clear();
  await cluster.own?.drop();
  await cluster.seed({
    jobs: [
      { id: '1', name: 'leaking', state: 'COMPLETED', startTime: ago(3 * HOUR), endTime: ago(2 * HOUR) },
      { id: '2', name: HOSTILE, state: 'RUNNING', startTime: ago(72 * HOUR) },
      { id: '3', name: 'healthy', state: 'RUNNING', startTime: ago(HOUR) },
    ],
    allocations: [{ id: '1', jobId: '1', status: 'ALLOCATED', allocationTime: ago(3 * HOUR) }],
  });
}
