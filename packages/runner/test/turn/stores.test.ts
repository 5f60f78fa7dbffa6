import { type AdapterModule, createStrategies } from '@jobsweep/core';
import * as knexAdapter from '@jobsweep/repo-knex';
import * as mongoAdapter from '@jobsweep/repo-mongo';
import * as typeormAdapter from '@jobsweep/repo-typeorm';
import { enginesOfRun, mongoSubject, sqlSubject } from '@jobsweep/test-engines/vitest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRunner, type Runner, type StrategyReport } from '../../src/index.js';
import { systemTiming } from '../../src/timing.js';

/** Each adapter on a server that the other tests of this package know nothing of. */
const STORES = [
  ['repo-knex', 'mysql', knexAdapter],
  ['repo-knex', 'mariadb', knexAdapter],
  ['repo-typeorm', 'postgres', typeormAdapter],
  ['repo-mongo', 'mongodb', mongoAdapter],
] as const;

const OLD = '2020-01-01T00:00:00.000000Z';
const IDS = ['1', '2', '3'];

/** The suite's cluster: its rows are written and read through the plain driver. */
type Cluster = Awaited<ReturnType<ReturnType<typeof sqlSubject<object>>['open']>>;

function open(
  name: string,
  engine: (typeof STORES)[number][1],
  module: Pick<AdapterModule, 'openStore'>,
): Promise<Cluster> {
  const connect = async (url: string) => {
    const { store, close } = await (module as AdapterModule<object>).openStore({ url });
    return { store: () => store, close };
  };
  const subject = engine === 'mongodb' ? mongoSubject : sqlSubject;
  return subject(`runner ${name}`, engine, connect).open();
}

describe.each(STORES.filter(([, engine]) => enginesOfRun().includes(engine)))('A runner with %s on %s', (...given) => {
  let cluster: Cluster;
  const runners: Runner[] = [];

  beforeAll(async () => {
    cluster = await open(...given);
  });
  beforeEach(async () => {
    await cluster.clear();
    await cluster.own?.drop();
    await cluster.store().ownTables.create();
    await cluster.seed({
      jobs: IDS.map((id) => ({ id, name: `job-${id}`, state: 'COMPLETED', startTime: OLD, endTime: OLD })),
      allocations: IDS.map((id) => ({ id, jobId: id, status: 'ALLOCATED', allocationTime: OLD })),
    });
  });
  afterEach(() => Promise.all(runners.splice(0).map((runner) => runner.stop())));
  afterAll(() => cluster.close());

  /** A runner whose one strategy is due when it starts, and then after an hour. */
  const aRunner = (): Runner => {
    const store = cluster.store();
    const strategies = createStrategies(store, { completed_job_cleanup: { intervalSeconds: 3600 } }).slice(0, 1);
    const timing = { ...systemTiming, random: () => 0 };
    const options = { batchRows: 1, pauseFraction: 0, jitter: 0 };
    const runner = createRunner({ store, strategies, claims: 'required', timing, ...options });
    runners.push(runner);
    return runner;
  };
  const passEnded = (runner: Runner) =>
    new Promise<StrategyReport>((resolve) => {
      runner.on('pass:end', ({ report }) => resolve(report));
    });
  const statuses = async () => (await cluster.read()).allocations.map(({ status }) => status);
  const history = () => cluster.store().journal.read();

  test('makes its pass under a claim, keeps it in the history, and leaves nothing held when it stops', async () => {
    const runner = aRunner();
    const ended = passEnded(runner);
    await runner.start();
    expect(await ended).toMatchObject({ status: 'done', pass: { stopReason: 'drained', itemsCleaned: 3 } });
    await runner.stop();
    expect(await statuses()).toEqual(['RELEASED', 'RELEASED', 'RELEASED']);
    expect(await history()).toMatchObject([{ itemsCleaned: 3, batches: 3, holder: runner.status().holder }]);
    expect(await cluster.store().claims.list()).toMatchObject([
      { strategy: 'completed_job_cleanup', holder: null, term: 1, startedAt: expect.any(Date), isLapsed: false },
    ]);
  });

  test('goes on with what another one was stopped in, though its hour is not over', async () => {
    const [first, second] = [aRunner(), aRunner()];
    const [cutShort, finished] = [passEnded(first), passEnded(second)];
    first.on('batch', () => void first.stop());
    await first.start();
    expect(await cutShort).toMatchObject({ pass: { stopReason: 'aborted', itemsCleaned: 1 } });
    await first.stop();
    expect((await statuses()).filter((status) => status === 'RELEASED')).toHaveLength(1);

    await second.start();
    expect(await finished).toMatchObject({ pass: { stopReason: 'drained', itemsCleaned: 2 } });
    await second.stop();
    expect(await statuses()).toEqual(['RELEASED', 'RELEASED', 'RELEASED']);
  });

  test('takes over the turn of one that is gone, which can write nothing any more', async () => {
    const { claims, transaction } = cluster.store();
    const request = { strategy: 'completed_job_cleanup', holder: 'gone', termSeconds: 60 };
    const answer = await claims.acquire(request);
    if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
    await cluster.own?.age(61);
    const runner = aRunner();
    const lapsed = new Promise((resolve) => {
      runner.on('pass:start', ({ claim }) => resolve(claim));
    });
    const ended = passEnded(runner);
    await runner.start();
    expect(await lapsed).toEqual({ lapsed: 'gone' });
    expect(await ended).toMatchObject({ status: 'done', pass: { itemsCleaned: 3 } });
    await runner.stop();
    await expect(transaction((session) => claims.hold(session, answer.claim))).rejects.toMatchObject({
      code: 'CLAIM_LOST',
    });
    expect(await statuses()).toEqual(['RELEASED', 'RELEASED', 'RELEASED']);
  });
});
