import { JobsweepError } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { statuses } from '../support/reports.js';
import { aService, timed, withParts } from '../support/service.js';

const observing = { a: 'observe' } as const;

describe('A strategy that observes', () => {
  test('has its turns, looks, repairs nothing, and tells nobody of repairs', async () => {
    const { time, store, create } = await aService();
    const [a, b] = [timed('a', time, { due: 3 }), timed('b', time, { dependsOn: ['a'] })];
    const cleanup = vi.spyOn(a.strategy, 'cleanup');
    const hooks = { a: { confirm: vi.fn(), within: vi.fn(), onRepaired: vi.fn() } };
    const onRepaired = vi.fn();
    const runner = create({ strategies: [a.strategy, b.strategy], modes: observing, hooks, onRepaired });
    const report = await runner.runOnce();

    expect(statuses(report)).toEqual({ a: 'observed', b: 'skipped' });
    expect(report).toMatchObject({
      ok: true,
      strategies: [
        {
          reason: 'Observes only, 3 would have been repaired',
          plan: { due: 3, samples: [{ id: 'a 1', description: 'Row a 1 is due', dueSince: null }, {}, {}] },
          pass: { stopReason: 'observed', itemsFound: 3, itemsCleaned: 0 },
        },
        {},
      ],
    });
    for (const called of [cleanup, onRepaired, ...Object.values(hooks.a)]) expect(called).not.toHaveBeenCalled();
    expect(await store.claims.list()).toMatchObject([{ strategy: 'a', holder: null, term: 1 }, { strategy: 'b' }]);
  });

  test('is observed by one runner, not by each', async () => {
    const { time, create } = await aService();
    const { strategy } = timed('a', time, { due: 3, every: 60 });
    const find = vi.spyOn(strategy, 'find');
    const runners = [0, 1, 2].map(() => create({ strategies: [strategy], modes: observing }));
    for (const runner of runners) await runner.start();
    await time.pass(30);
    expect(find).toHaveBeenCalledTimes(1);
    await Promise.all(runners.map((runner) => runner.stop()));
  });

  test('keeps what it would have repaired, when how many rows that is has changed', async () => {
    const { time, store, create } = await aService();
    let due = 25;
    const { strategy } = timed('a', time);
    strategy.find = async (_session, { limit = due }) =>
      Array.from({ length: Math.min(due, limit) }, (_, index) => ({ id: String(index + 1) }));
    // Each by a runner that knows nothing of those before.
    const look = async (rows: number) => {
      due = rows;
      await create({ strategies: [strategy], modes: observing }).runOnce();
    };
    for (const rows of [0, 25, 25, 26, 0, 0, 26]) await look(rows);
    const kept = await store.journal.read();
    expect(kept.map(({ stopReason, itemsFound, itemsCleaned }) => [stopReason, itemsFound, itemsCleaned])).toEqual(
      [26, 0, 26, 25].map((rows) => ['observed', rows, 0]),
    );
    expect(kept.map(({ samples }) => samples.length)).toEqual([20, 0, 20, 20]);
    expect(kept[0]?.samples[19]).toEqual({ id: '20', description: 'Row 20 is due', dueSince: null });

    await store.claims.pause({ strategy: 'a', by: 'ada@host-1', host: 'host-1' });
    await store.claims.resume({ strategy: 'a', by: 'ada@host-1', host: 'host-1' });
    await look(26);
    expect((await store.journal.read({ limit: 1 }))[0]).toMatchObject({ stopReason: 'observed', itemsFound: 26 });
  });

  test('says so in the log when that has changed, with or without a history', async () => {
    for (const ownTables of [true, false]) {
      const { time, logger, create } = await aService({ ownTables });
      const runner = create({ strategies: [timed('a', time, { due: 3 }).strategy], modes: observing });
      for (let round = 0; round < 3; round += 1) await runner.runOnce();
      const said = logger.lines.filter((line) => line.includes('Observes only'));
      expect(said).toEqual(['info [a] Observes only: 3 rows are due, and left alone']);
    }
  });

  test('has no turn while it is paused', async () => {
    const { time, store, create } = await aService();
    await store.claims.pause({ strategy: 'a', by: 'ada@host-1', host: 'host-1' });
    const report = await create({ strategies: [timed('a', time).strategy], modes: observing }).runOnce();
    expect(statuses(report)).toEqual({ a: 'paused' });
  });

  test('leaves its turn free, and what went wrong in the history, when it cannot look', async () => {
    const { time, store, create } = await aService();
    const error = new JobsweepError('PERMISSION_DENIED', 'No SELECT on jobs.');
    const { strategy } = timed('a', time);
    strategy.find = () => Promise.reject(error);
    const report = await create({ strategies: [strategy], modes: observing }).runOnce();
    expect(report).toMatchObject({
      ok: false,
      strategies: [{ status: 'failed', reason: 'No SELECT on jobs.', error }],
    });
    expect(await store.journal.read()).toMatchObject([
      { status: 'failed', error: { code: 'PERMISSION_DENIED', message: 'No SELECT on jobs.' }, samples: [] },
    ]);
    expect(await store.claims.list()).toMatchObject([{ holder: null }]);
  });

  test('ends at once when the runner stops, and its turn is due again', async () => {
    const { time, store, create } = await aService();
    const { strategy } = timed('a', time);
    let looking = () => {};
    const looks = new Promise<void>((resolve) => {
      looking = resolve;
    });
    strategy.find = (_session, { signal }) => {
      looking();
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new JobsweepError('ABORTED', 'stopped')));
      });
    };
    const runner = create({ strategies: [strategy], modes: observing, graceSeconds: 3600 });
    const round = runner.runOnce();
    await looks;
    await runner.stop();
    expect(statuses(await round)).toEqual({ a: 'aborted' });
    expect(await store.claims.list()).toMatchObject([{ holder: null, startedAt: null }]);
  });

  test('tells of a history that cannot be read, and observes all the same', async () => {
    const { time, store, create } = await aService();
    const hidden = new JobsweepError('PERMISSION_DENIED', 'No SELECT on jobsweep_history.');
    const journal = { ...store.journal, read: () => Promise.reject(hidden) };
    const runner = create({
      store: withParts(store, { journal }),
      strategies: [timed('a', time, { due: 3 }).strategy],
      modes: observing,
    });
    const errors: unknown[] = [];
    runner.on('error', (event) => void errors.push(event));
    expect(statuses(await runner.runOnce())).toEqual({ a: 'observed' });
    expect(errors).toEqual([{ strategy: 'a', error: hidden }]);
  });

  test('repairs once it is told to', async () => {
    const { time, store, create } = await aService();
    const { strategy } = timed('a', time, { due: 3 });
    await create({ strategies: [strategy], modes: observing }).runOnce();
    const report = await create({ strategies: [strategy] }).runOnce();
    expect(report.strategies).toMatchObject([{ status: 'done', pass: { itemsCleaned: 3 } }]);
    expect((await store.journal.read()).map(({ stopReason }) => stopReason)).toEqual(['drained', 'observed']);
  });
});
