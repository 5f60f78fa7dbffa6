import { describe, expect, it, vi } from 'vitest';
import { JobsweepError } from '../../src/index.js';
import { idsGiven, passOver, someJobs } from '../support.js';

describe('a pass that must be admitted', () => {
  it('asks once, with rows that are due and no transaction open, before it writes', async () => {
    const { run, events, repository } = passOver(someJobs(5));
    const admit = vi.fn(async () => {
      events.push('admit');
      return true;
    });
    const result = await run({ batchRows: 2, admit, pauseFraction: 0 });
    expect(admit).toHaveBeenCalledOnce();
    expect(events.filter((event) => !event.startsWith('warn')).slice(0, 6)).toEqual([
      'begin read-only',
      'commit',
      'begin read-only',
      'commit',
      'admit',
      'begin',
    ]);
    expect(idsGiven(repository.markJobsAsFailed)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(result).toMatchObject({ stopReason: 'drained', itemsFound: 5, itemsCleaned: 5, batches: 3 });
  });

  it('finds the rows of its first batch once', async () => {
    const { run, repository } = passOver(someJobs(2));
    await run({ admit: async () => true });
    expect(repository.getStuckJobs).toHaveBeenCalledOnce();
  });

  it('is not asked with nothing to do, which costs one query as ever', async () => {
    const { run, repository } = passOver([]);
    const admit = vi.fn(async () => true);
    expect(await run({ admit })).toMatchObject({ status: 'skipped' });
    expect(admit).not.toHaveBeenCalled();
    expect(repository.getStuckJobs).toHaveBeenCalledOnce();
  });

  it('writes nothing when it is not, and says that it was tripped', async () => {
    const { run, repository } = passOver(someJobs(5));
    const result = await run({ batchRows: 2, admit: async () => false });
    expect(result).toMatchObject({ status: 'done', stopReason: 'tripped', itemsFound: 2, itemsCleaned: 0, batches: 0 });
    expect(repository.markJobsAsFailed).not.toHaveBeenCalled();
  });

  it.each([
    ['a later page', 2, [['1', '2'], ['3']]],
    ['the first page', 1000, [['1', '2', '3']]],
  ])(
    'changes no more rows than it is admitted for, and the next one goes on behind them: %s',
    async (_where, batchRows, batches) => {
      const { run, repository } = passOver(someJobs(9));
      const result = await run({ batchRows, admit: async () => 3, pauseFraction: 0 });
      expect(idsGiven(repository.markJobsAsFailed)).toEqual(batches);
      expect(result).toMatchObject({ stopReason: 'rowBudget', itemsFound: 3, itemsCleaned: 3 });
      expect(JSON.parse(result.place ?? 'null')).toMatchObject({ id: '3' });
    },
  );

  it('fails and writes nothing when nobody can tell', async () => {
    const { run, repository } = passOver(someJobs(5));
    const error = new JobsweepError('STATEMENT_TIMEOUT', 'Counting took too long.');
    expect(await run({ admit: () => Promise.reject(error) })).toMatchObject({ status: 'failed', error });
    expect(repository.markJobsAsFailed).not.toHaveBeenCalled();
  });

  it('writes nothing when it is stopped meanwhile', async () => {
    const { run, repository } = passOver(someJobs(5));
    const stop = new AbortController();
    const admit = async () => {
      stop.abort();
      return true;
    };
    expect(await run({ admit, stopSignal: stop.signal })).toMatchObject({ stopReason: 'aborted', batches: 0 });
    expect(repository.markJobsAsFailed).not.toHaveBeenCalled();
  });

  it('divides a first batch that is refused like any other', async () => {
    const { run, repository } = passOver(someJobs(4));
    repository.markJobsAsFailed.mockRejectedValueOnce(new JobsweepError('CONFLICT', 'Another one was first.'));
    expect(await run({ admit: async () => true })).toMatchObject({
      stopReason: 'drained',
      itemsCleaned: 4,
      batches: 2,
    });
  });
});
