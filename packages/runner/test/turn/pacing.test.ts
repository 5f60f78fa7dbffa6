import type { CleanupRow, CleanupStrategy, GetOptions } from '@jobsweep/core';
import type { MemorySession } from '@jobsweep/core/memory';
import { describe, expect, test } from 'vitest';
import type { RunnerEvents } from '../../src/index.js';
import { aStrategy } from '../support/fakes.js';
import { aService, timed } from '../support/service.js';

describe('The rows of a batch', () => {
  test('go on with those of the pass before in the same runner', async () => {
    const { time, create } = await aService();
    const asked: (number | undefined)[] = [];
    const strategy: CleanupStrategy<MemorySession, CleanupRow> = {
      ...aStrategy<MemorySession>('a', { due: 1 }),
      async find(_session, { limit = 0, after }: GetOptions<CleanupRow>) {
        asked.push(limit);
        return after === undefined ? Array.from({ length: limit }, (_, index) => ({ id: `${index}` })) : [];
      },
      async cleanup(_session, { rows = [] } = {}) {
        time.ms += rows.length;
        return { itemsCleaned: rows.length, found: rows, changed: rows, contended: [] };
      },
    };
    const runner = create({ strategies: [strategy], pauseFraction: 0 });
    await runner.runOnce();
    await runner.runOnce();
    expect(asked).toEqual([1000, 500, 500, 250]);
  });
});

describe('A probe of the runner', () => {
  test('makes passes wait, which listeners, the report and the history are told', async () => {
    const { time, create, store } = await aService();
    const numbers = [8, 2];
    const runner = create({
      strategies: [timed('a', time, { due: 1 }).strategy],
      pacing: { probe: { query: async () => numbers.shift() ?? null, above: 5 } },
    });
    const told: RunnerEvents['wait'][] = [];
    runner.on('wait', (event) => void told.push(event));
    const round = runner.runOnce();
    await time.pass(4);
    expect(told).toEqual([{ strategy: 'a', wait: { value: 8, above: 5, reason: null } }]);
    await time.pass(1);
    const { strategies } = await round;
    expect(told.slice(1)).toEqual([{ strategy: 'a', wait: null }]);
    const reason = 'waited 5 s for the probe';
    expect(strategies).toMatchObject([{ status: 'done', reason, pass: { itemsCleaned: 1, waitedMs: 5000 } }]);
    expect(await store.journal.read({ limit: 1 })).toMatchObject([{ note: reason }]);
  });

  test('is refused as a text where the store runs none', async () => {
    const { create } = await aService();
    expect(() => create({ pacing: { probe: { query: 'select 1', above: 5 } } })).toThrow(
      "pacing.probe.query is 'select 1': give a function: this store runs no query that is a text.",
    );
  });
});
