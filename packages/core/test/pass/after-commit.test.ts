import { describe, expect, it, vi } from 'vitest';
import { aJob, passOver, someJobs } from '../support.js';

const repairedAs = (ids: readonly string[]) => `repaired ${ids.join(' ')}`;

/** A pass over three jobs, two a batch, that writes its callbacks into the list of events. */
function noisyPass() {
  const pass = passOver(someJobs(3));
  const onRepaired = vi.fn((rows: readonly { id: string }[]) => {
    pass.events.push(repairedAs(rows.map((row) => row.id)));
  });
  return { ...pass, onRepaired, run: () => pass.run({ batchRows: 2, onRepaired }) };
}

const firstBatch = [
  'warn [stuck_job_cleanup] Stuck job 1 (train)',
  'warn [stuck_job_cleanup] Stuck job 2 (train)',
  'repaired 1 2',
];
const secondBatch = ['warn [stuck_job_cleanup] Stuck job 3 (train)', 'repaired 3'];

describe('log lines and onRepaired', () => {
  it('come after the commit of their batch', async () => {
    const { run, events } = noisyPass();
    await run();
    expect(events).toEqual([
      ...['begin read-only', 'commit'],
      ...['begin', 'commit', ...firstBatch],
      ...['begin', 'commit', ...secondBatch],
    ]);
  });

  it('come once when the store runs the transaction again', async () => {
    const { run, events, store, repository } = noisyPass();
    store.runTwice.add(2);
    expect(await run()).toMatchObject({ itemsFound: 3, itemsCleaned: 3, batches: 2 });
    expect(repository.markJobsAsFailed).toHaveBeenCalledTimes(3);
    expect(events).toEqual([
      ...['begin read-only', 'commit'],
      ...['begin', 'rollback', 'begin', 'commit', ...firstBatch],
      ...['begin', 'commit', ...secondBatch],
    ]);
  });

  it('tell what the second run of a transaction did, not the first', async () => {
    const { run, events, store, repository } = noisyPass();
    store.runTwice.add(2);
    repository.getStuckJobs.mockResolvedValueOnce(someJobs(2)).mockResolvedValueOnce([aJob({ id: '2' })]);
    expect(await run()).toMatchObject({ itemsFound: 1, itemsCleaned: 1 });
    expect(events.slice(-2)).toEqual(['warn [stuck_job_cleanup] Stuck job 2 (train)', 'repaired 2']);
  });

  it('never come when the commit fails', async () => {
    const { run, events, store } = noisyPass();
    store.commitErrors.set(2, new Error('the disk is full'));
    expect(await run()).toMatchObject({ status: 'failed', itemsCleaned: 0 });
    expect(events).toEqual(['begin read-only', 'commit', 'begin', 'rollback']);
  });

  it('are about the rows that changed, as they are now', async () => {
    const { run, onRepaired, repository } = noisyPass();
    const failed = aJob({ id: '2', state: 'FAILED', endTime: new Date('2024-05-01T12:00:00Z') });
    repository.markJobsAsFailed.mockResolvedValueOnce([failed]).mockResolvedValueOnce([]);
    await run();
    expect(onRepaired.mock.calls).toEqual([[[failed], { signal: expect.any(AbortSignal) }]]);
  });
});

describe('a callback that fails', () => {
  const complaint = 'error [stuck_job_cleanup] A callback failed after the commit: Error: no such host';
  const fail = () => {
    throw new Error('no such host');
  };

  it.each([
    ['onRepaired throws', { onRepaired: fail }],
    ['onRepaired rejects', { onRepaired: async () => fail() }],
    ['onBatch throws', { onBatch: fail }],
    ['onBatch rejects', { onBatch: async () => fail() }],
  ])('is logged, and the pass goes on: %s', async (_how, callbacks) => {
    const { run, logger } = passOver(someJobs(3));
    expect(await run({ batchRows: 2, ...callbacks })).toMatchObject({ status: 'done', itemsCleaned: 3, batches: 2 });
    expect(logger.lines.filter((line) => line === complaint)).toHaveLength(2);
  });

  it('keeps no other from being called', async () => {
    const { run, strategy, logger } = passOver(someJobs(1));
    vi.spyOn(strategy, 'announce').mockImplementation(fail);
    const onRepaired = vi.fn(fail);
    const onBatch = vi.fn();
    expect(await run({ onRepaired, onBatch })).toMatchObject({ status: 'done', itemsCleaned: 1 });
    expect(onRepaired).toHaveBeenCalledTimes(1);
    expect(onBatch).toHaveBeenCalledTimes(1);
    expect(logger.lines.filter((line) => line === complaint)).toHaveLength(2);
  });
});
