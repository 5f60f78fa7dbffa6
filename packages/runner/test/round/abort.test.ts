import { describe, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { aStrategy, fakeStore, recordingLogger } from '../support/fakes.js';
import { reasons, statuses } from '../support/reports.js';

describe('A round whose signal', () => {
  test('fired before it began runs no strategy', async () => {
    const { store, transactions } = fakeStore();
    const runner = createRunner({ store, strategies: [aStrategy('a'), aStrategy('b')] });
    const report = await runner.runOnce({ signal: AbortSignal.abort() });
    expect(statuses(report)).toEqual({ a: 'aborted', b: 'aborted' });
    expect(reasons(report).a).toBe('The round was aborted before its turn');
    expect(report.ok).toBe(false);
    expect(transactions).toEqual([]);
  });

  test('fires between two batches keeps the first, and begins nothing after it', async () => {
    const { store } = fakeStore();
    const controller = new AbortController();
    const logger = recordingLogger();
    const runner = createRunner({
      store,
      strategies: [aStrategy('a', { due: 3 }), aStrategy('b')],
      batchRows: 1,
      pauseFraction: 0,
      onBatch: () => controller.abort(),
      claims: 'off',
      logger,
    });
    const report = await runner.runOnce({ signal: controller.signal });
    expect(report.strategies[0]).toMatchObject({ status: 'done', pass: { stopReason: 'aborted', itemsCleaned: 1 } });
    expect(statuses(report).b).toBe('aborted');
    expect(report.ok).toBe(false);
    expect(logger.lines).toEqual(['info [b] Skipped: The round was aborted before its turn']);
  });

  test('fires inside a batch takes that batch back', async () => {
    const { store } = fakeStore();
    const controller = new AbortController();
    const strategies = [aStrategy('a', { due: 3, onCleanup: () => controller.abort() }), aStrategy('b')];
    const report = await createRunner({ store, strategies }).runOnce({ signal: controller.signal });
    expect(report.strategies[0]).toMatchObject({ status: 'done', pass: { stopReason: 'aborted', itemsCleaned: 0 } });
    expect(statuses(report).b).toBe('aborted');
  });

  test('fires in the last strategy is not ok either', async () => {
    const { store } = fakeStore();
    const controller = new AbortController();
    const runner = createRunner({ store, strategies: [aStrategy('a', { onCleanup: () => controller.abort() })] });
    expect((await runner.runOnce({ signal: controller.signal })).ok).toBe(false);
  });

  test('fires while a dry run looks makes no failure of it', async () => {
    const { store } = fakeStore();
    const controller = new AbortController();
    const first = aStrategy('a');
    const aborting = {
      ...first,
      find: () =>
        Promise.resolve()
          .then(() => controller.abort())
          .then(() => []),
    };
    const runner = createRunner({ store, strategies: [aborting, aStrategy('b', { dependsOn: ['a'] })] });
    const report = await runner.runOnce({ dryRun: true, signal: controller.signal });
    expect(statuses(report)).toEqual({ a: 'aborted', b: 'aborted' });
    expect(report.ok).toBe(false);
  });

  test('never fires runs again with another one', async () => {
    const { store } = fakeStore();
    const runner = createRunner({ store, strategies: [aStrategy('a')] });
    await runner.runOnce({ signal: AbortSignal.abort() });
    expect(statuses(await runner.runOnce({ signal: new AbortController().signal }))).toEqual({ a: 'done' });
  });
});
