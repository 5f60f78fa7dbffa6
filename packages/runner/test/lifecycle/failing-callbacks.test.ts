import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Logger } from '@jobsweep/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopOnSignals } from '../../src/index.js';
import { serveHttp } from '../../src/observe/index.js';
import { fakeRunner } from '../support/fake-runner.js';
import { aService, timed } from '../support/service.js';

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

const throwing = (): never => {
  throw new Error('No room for a line');
};
const rejecting = () => Promise.reject(Object.create(null) as Error);

describe.each([
  ['throws', throwing],
  ['rejects', rejecting],
])('A logger, listener or callback that %s', (_how, fail) => {
  const write = fail as (message: string) => void;
  const logger: Logger = { debug: write, info: write, warn: write, error: write };

  test('keeps a runner from nothing: turns, claims, what waits for a failed turn, and the stop', async () => {
    // Without own tables it says that it works alone, which is logged as well.
    const { time, create, store } = await aService({ ownTables: false });
    const works = timed('works', time, { due: 2, every: 10 });
    const fails = timed('fails', time, { due: 1, every: 10, fails: new Error('No') });
    const waits = timed('waits', time, { dependsOn: ['fails'], every: 10 });
    const strategies = [
      { ...works.strategy, rule: undefined, dueSince: throwing, announce: () => write(''), after: () => {} },
      fails.strategy,
      waits.strategy,
    ];
    const repaired: string[] = [];
    const onRepaired = (_name: string, rows: readonly { readonly id: string }[]) => {
      repaired.push(...rows.map(({ id }) => id));
      return fail();
    };
    const runner = create({ store, strategies, logger, onRepaired, onBatch: write, batchRows: 1, pauseFraction: 0 });
    for (const event of ['pass:start', 'batch', 'repaired', 'pass:end', 'error'] as const) runner.on(event, fail);
    await runner.start();
    await time.pass(25);
    await runner.stop();
    expect(repaired).toEqual(['works 1', 'works 2']);
    expect(works.turns).toHaveLength(3);
    expect(fails.turns).toHaveLength(3);
    expect(runner.status()).toMatchObject({ state: 'idle', isReady: true });
    expect(runner.status().strategies.find(({ name }) => name === 'waits')?.last).toMatchObject({ status: 'blocked' });
    expect(time.sleeping).toBe(0);
  });

  test('keeps no signal from stopping it', async () => {
    let stops = 0;
    const stopped = new Promise<void>((resolve) => {
      const stop = async () => void stops++;
      const onStopped = () => {
        resolve();
        return fail();
      };
      stopOnSignals({ stop }, { signals: ['SIGUSR2'], logger, onStopped });
    });
    process.emit('SIGUSR2', 'SIGUSR2');
    await stopped;
    await turnOfTheLoop();
    expect(stops).toBe(1);
    expect(process.listenerCount('SIGUSR2')).toBe(0);
  });

  test('keeps no question from its answer', async () => {
    const metrics = { metrics: fail as () => Promise<string>, contentType: 'text/plain' };
    const server = await serveHttp(fakeRunner().runner, { port: 0, metrics, logger });
    const answers = await Promise.all(
      ['metrics', 'readyz'].map((path) => fetch(`http://127.0.0.1:${server.port}/${path}`)),
    );
    await server.close();
    expect(answers.map(({ status }) => status)).toEqual([500, 200]);
  });
});

test('A health server that cannot send what it was given ends that connection, and no more', async () => {
  const metrics = { metrics: async () => 'x', contentType: 'no\nheader' };
  const server = await serveHttp(fakeRunner().runner, { port: 0, metrics });
  await expect(fetch(`http://127.0.0.1:${server.port}/metrics`)).rejects.toThrow();
  expect((await fetch(`http://127.0.0.1:${server.port}/readyz`)).status).toBe(200);
  await server.close();
});

test('Nothing of it is left to the process', async () => {
  await turnOfTheLoop();
  expect(unhandled).toEqual([]);
});
