import { describe, expect, it, vi } from 'vitest';
import { JobsweepError } from '../../src/index.js';
import { idsGiven, passOver, someJobs } from '../support.js';

/** A pass over ten jobs, three a batch, with the means to stop it. */
function stoppablePass() {
  const pass = passOver(someJobs(10));
  const controller = new AbortController();
  const { signal } = controller;
  const onRepaired = vi.fn();
  const run = () => pass.run({ batchRows: 3, signal, onRepaired });
  return { ...pass, run, signal, onRepaired, stop: () => controller.abort(new Error('shutting down')) };
}

describe('a signal that fires', () => {
  it('before the pass leaves the database alone', async () => {
    const { run, stop, store } = stoppablePass();
    stop();
    expect(await run()).toMatchObject({ status: 'done', stopReason: 'aborted', itemsFound: 0, itemsCleaned: 0 });
    expect(store.options).toEqual([]);
  });

  it('during the check ends the pass there', async () => {
    const { run, stop, strategy, repository } = stoppablePass();
    vi.spyOn(strategy, 'before').mockImplementation(async () => {
      stop();
      return true;
    });
    expect(await run()).toMatchObject({ status: 'done', stopReason: 'aborted', itemsFound: 0 });
    expect(repository.getStuckJobs).not.toHaveBeenCalled();
  });

  it('between batches keeps the batches before', async () => {
    const { run, stop, timing, repository } = stoppablePass();
    vi.spyOn(timing, 'sleep').mockImplementationOnce(async () => stop());
    expect(await run()).toMatchObject({ status: 'done', stopReason: 'aborted', itemsFound: 3, itemsCleaned: 3 });
    expect(repository.getStuckJobs).toHaveBeenCalledTimes(1);
  });

  it('after a commit keeps that batch, and does not pause any more', async () => {
    const { run, stop, onRepaired, timing } = stoppablePass();
    onRepaired.mockImplementation(stop);
    expect(await run()).toMatchObject({ stopReason: 'aborted', itemsCleaned: 3, batches: 1 });
    expect(timing.slept).toEqual([]);
  });

  it('during a batch rolls that one back and keeps the ones before', async () => {
    const { run, stop, repository, onRepaired, events } = stoppablePass();
    repository.markJobsAsFailed
      .mockImplementationOnce(async (_session, jobs) => [...jobs])
      .mockImplementationOnce(async (_session, jobs) => {
        stop();
        return [...jobs];
      });
    const result = await run();
    expect(result).toMatchObject({ status: 'done', stopReason: 'aborted', itemsFound: 6, itemsCleaned: 3, batches: 1 });
    expect(result.error).toBeUndefined();
    expect(onRepaired).toHaveBeenCalledTimes(1);
    expect(events.at(-1)).toBe('rollback');
  });

  it('during the search for a refused row keeps the parts that were committed', async () => {
    const { run, stop, repository, onRepaired } = stoppablePass();
    repository.markJobsAsFailed.mockRejectedValueOnce(new JobsweepError('ROW_REJECTED', 'no'));
    onRepaired.mockImplementation(stop);
    expect(await run()).toMatchObject({ stopReason: 'aborted', itemsFound: 3, itemsCleaned: 2, batches: 1 });
    const parts = [
      ['1', '2', '3'],
      ['1', '2'],
    ];
    expect(idsGiven(repository.markJobsAsFailed)).toEqual(parts);
  });

  it('during a part of that search rolls the part back', async () => {
    const { run, stop, repository, onRepaired } = stoppablePass();
    repository.markJobsAsFailed
      .mockRejectedValueOnce(new JobsweepError('ROW_REJECTED', 'no'))
      .mockImplementationOnce(async (_session, jobs) => {
        stop();
        return [...jobs];
      });
    expect(await run()).toMatchObject({ status: 'done', stopReason: 'aborted', itemsFound: 3, itemsCleaned: 0 });
    expect(onRepaired).not.toHaveBeenCalled();
  });

  it('reaches every query and write of the pass, and its transactions', async () => {
    const { run, signal, repository, store, strategy } = stoppablePass();
    const before = vi.spyOn(strategy, 'before');
    await run();
    expect(before.mock.calls).toEqual([[{ transaction: 1 }, { signal }]]);
    expect(store.options.map((options) => options.signal)).toEqual(store.options.map(() => signal));
    for (const [, , page] of repository.getStuckJobs.mock.calls) expect(page?.signal).toBe(signal);
    for (const [, , , , options] of repository.markJobsAsFailed.mock.calls) expect(options?.signal).toBe(signal);
    for (const [, , options] of repository.releaseResourcesForJobs.mock.calls) expect(options?.signal).toBe(signal);
  });

  it('still lets the strategy have its say', async () => {
    const { run, stop, strategy } = stoppablePass();
    const after = vi.spyOn(strategy, 'after');
    stop();
    const result = await run();
    expect(after).toHaveBeenCalledExactlyOnceWith(result);
  });
});
