import { describe, expect, it, vi } from 'vitest';
import { runPass } from '../../src/index.js';
import { passOver, someJobs } from '../support.js';

const broken = new Error('relation "jobs" does not exist');

describe('an error', () => {
  it('in before fails the pass, and nothing is looked for', async () => {
    const { run, strategy, repository } = passOver(someJobs(3));
    vi.spyOn(strategy, 'before').mockRejectedValue(broken);
    expect(await run()).toMatchObject({ status: 'failed', stopReason: 'failed', error: broken, itemsFound: 0 });
    expect(repository.getStuckJobs).not.toHaveBeenCalled();
  });

  it('in find fails the pass, with the progress kept', async () => {
    const { run, repository } = passOver(someJobs(3));
    repository.getStuckJobs.mockResolvedValueOnce(someJobs(2)).mockRejectedValueOnce(broken);
    const result = await run({ batchRows: 2 });
    expect(result).toMatchObject({ status: 'failed', stopReason: 'failed', error: broken });
    expect(result).toMatchObject({ itemsFound: 2, itemsCleaned: 2, batches: 1 });
  });

  it('in repair fails the pass, with the progress kept and nothing tried in parts', async () => {
    const { run, repository, events } = passOver(someJobs(5));
    repository.markJobsAsFailed.mockResolvedValueOnce(someJobs(3)).mockRejectedValueOnce(broken);
    const result = await run({ batchRows: 3 });
    expect(result).toMatchObject({ status: 'failed', stopReason: 'failed', error: broken });
    expect(result).toMatchObject({ itemsFound: 5, itemsCleaned: 3, batches: 1 });
    expect(repository.markJobsAsFailed).toHaveBeenCalledTimes(2);
    expect(events.at(-1)).toBe('rollback');
  });

  it('in the second step of repair undoes the first', async () => {
    const { run, repository, events } = passOver(someJobs(2));
    repository.releaseResourcesForJobs.mockRejectedValue(broken);
    expect(await run()).toMatchObject({ status: 'failed', error: broken, itemsCleaned: 0 });
    expect(events).toEqual(['begin read-only', 'commit', 'begin', 'rollback']);
  });

  it('in after fails the pass, with its counts kept', async () => {
    const { run, strategy } = passOver(someJobs(2));
    vi.spyOn(strategy, 'after').mockRejectedValue(broken);
    expect(await run()).toMatchObject({ status: 'failed', error: broken, itemsCleaned: 2, stopReason: 'drained' });
  });

  it('that is no Error becomes one', async () => {
    const { run, repository } = passOver(someJobs(2));
    repository.getStuckJobs.mockRejectedValue('out of cheese');
    const { error } = await run();
    expect(error).toBeInstanceOf(Error);
    expect(error?.message).toBe('out of cheese');
  });

  it('still lets the strategy have its say', async () => {
    const { run, strategy, repository } = passOver(someJobs(2));
    repository.getStuckJobs.mockRejectedValue(broken);
    const after = vi.spyOn(strategy, 'after');
    const result = await run();
    expect(after).toHaveBeenCalledExactlyOnceWith(result);
  });
});

describe('a store without a connection', () => {
  it('fails the pass rather than the caller', async () => {
    const { strategy } = passOver(someJobs(1));
    const store = { transaction: () => Promise.reject(broken) };
    expect(await runPass(store, strategy)).toMatchObject({ status: 'failed', error: broken });
  });
});
