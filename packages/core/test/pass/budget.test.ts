import { describe, expect, it, vi } from 'vitest';
import { JobsweepError } from '../../src/index.js';
import { idsGiven, pageOf, passOver, someJobs } from '../support.js';

/** A pass in which every batch takes `ms`. */
function slowPassOver(ms: number) {
  const pass = passOver(someJobs(10));
  pass.repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
    pass.timing.ms += ms;
    return [...jobs];
  });
  return pass;
}

const timedOut = () => new JobsweepError('STATEMENT_TIMEOUT', 'The statement took too long.');

describe('the time of a pass', () => {
  it('ends it between batches, with what was done', async () => {
    const { run, strategy } = slowPassOver(400);
    const after = vi.spyOn(strategy, 'after');
    const result = await run({ batchRows: 2, timeoutSeconds: 1, pauseFraction: 0 });
    expect(result).toMatchObject({ status: 'done', stopReason: 'timeout', itemsCleaned: 6, batches: 3 });
    expect(after).toHaveBeenCalledExactlyOnceWith(result);
  });

  it('is the timeout of the strategy by default', async () => {
    const { run } = slowPassOver(100_000);
    expect(await run({ batchRows: 2, pauseFraction: 0 })).toMatchObject({ stopReason: 'timeout', batches: 3 });
  });

  it('is over exactly at its end', async () => {
    const { run } = slowPassOver(500);
    expect(await run({ batchRows: 2, timeoutSeconds: 1, pauseFraction: 0 })).toMatchObject({ batches: 2 });
  });

  it('bounds every statement by what is left of it, but for a tenth of a second', async () => {
    const { run, store } = slowPassOver(330);
    await run({ batchRows: 2, timeoutSeconds: 1, pauseFraction: 0 });
    expect(store.options.map((options) => options.timeoutSeconds)).toEqual([1, 1, 0.67, 0.34, 0.1]);
  });

  it('is told batch by batch, without the pauses between them', async () => {
    const { run } = slowPassOver(30);
    const batches: number[] = [];
    await run({ batchRows: 4, pauseFraction: 1, onBatch: (_counts, batchMs) => void batches.push(batchMs) });
    expect(batches).toEqual([30, 30, 30]);
  });

  it('of a batch that was divided is told for each of its parts', async () => {
    const { run, repository } = slowPassOver(30);
    repository.markJobsAsFailed.mockRejectedValueOnce(new JobsweepError('CONFLICT', 'Another one was first.'));
    const batches: number[] = [];
    await run({ onBatch: (_counts, batchMs) => void batches.push(batchMs) });
    expect(batches).toEqual([30, 30]);
  });

  it('may be used up by the check', async () => {
    const { run, strategy, repository, timing } = slowPassOver(1);
    vi.spyOn(strategy, 'before').mockImplementation(async () => {
      timing.ms += 1000;
      return true;
    });
    expect(await run({ timeoutSeconds: 1 })).toMatchObject({ status: 'done', stopReason: 'timeout', itemsFound: 0 });
    expect(repository.getStuckJobs).not.toHaveBeenCalled();
  });
});

describe('a statement that is cancelled', () => {
  it('at the end of the time ends the pass with timeout, and is not tried in parts', async () => {
    const { run, repository, timing } = slowPassOver(400);
    repository.markJobsAsFailed.mockResolvedValueOnce(someJobs(5)).mockImplementationOnce(async () => {
      timing.ms = 1000;
      throw timedOut();
    });
    const result = await run({ batchRows: 5, timeoutSeconds: 1, pauseFraction: 0 });
    expect(result).toMatchObject({ status: 'done', stopReason: 'timeout', itemsCleaned: 5, itemsBlocked: 0 });
    expect(result.error).toBeUndefined();
    expect(repository.markJobsAsFailed).toHaveBeenCalledTimes(2);
  });

  it('at the end of the time does not make its row a refused one, even if it is alone', async () => {
    const { run, repository, timing } = slowPassOver(1);
    repository.markJobsAsFailed.mockImplementationOnce(async () => {
      timing.ms = 1000;
      throw timedOut();
    });
    const result = await run({ batchRows: 1, timeoutSeconds: 1 });
    expect(result).toMatchObject({ stopReason: 'timeout', itemsFound: 1, itemsBlocked: 0, blocked: [] });
  });

  it.each(['before', 'find'] as const)('in %s at the end of the time is a timeout too', async (hook) => {
    const { run, strategy, timing } = slowPassOver(1);
    vi.spyOn(strategy, hook).mockImplementation(() => {
      timing.ms = 1000;
      return Promise.reject(timedOut());
    });
    expect(await run({ timeoutSeconds: 1 })).toMatchObject({ status: 'done', stopReason: 'timeout', itemsCleaned: 0 });
  });

  it.each(['before', 'find'] as const)('in %s with time left is a failure', async (hook) => {
    const { run, strategy } = slowPassOver(1);
    const error = timedOut();
    vi.spyOn(strategy, hook).mockRejectedValue(error);
    expect(await run({ timeoutSeconds: 1 })).toMatchObject({ status: 'failed', stopReason: 'failed', error });
  });

  it('is not any error at the end of the time: another one still fails the pass', async () => {
    const { run, repository, timing } = slowPassOver(1);
    const error = new JobsweepError('CONNECTION_LOST', 'The server went away.');
    repository.markJobsAsFailed.mockImplementationOnce(async () => {
      timing.ms = 1000;
      throw error;
    });
    expect(await run({ timeoutSeconds: 1 })).toMatchObject({ status: 'failed', stopReason: 'failed', error });
  });

  it('with time left is tried in parts', async () => {
    const { run, repository } = slowPassOver(1);
    repository.markJobsAsFailed.mockRejectedValueOnce(timedOut());
    expect(await run({ timeoutSeconds: 60 })).toMatchObject({ stopReason: 'drained', itemsCleaned: 10, batches: 2 });
  });
});

describe('the rows of a pass', () => {
  it('end it, and shorten its last page', async () => {
    const { run, repository } = slowPassOver(1);
    const result = await run({ batchRows: 3, maxRows: 5 });
    expect(repository.getStuckJobs.mock.calls.map(([, , page]) => page?.limit)).toEqual([3, 2]);
    expect(idsGiven(repository.markJobsAsFailed).flat()).toEqual(['1', '2', '3', '4', '5']);
    expect(result).toMatchObject({ status: 'done', stopReason: 'rowBudget', itemsFound: 5, itemsCleaned: 5 });
  });

  it('are rows changed, so that others at the front do not use them up', async () => {
    const { run, repository } = slowPassOver(1);
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => jobs.filter(({ id }) => Number(id) > 5));
    const result = await run({ batchRows: 3, maxRows: 3 });
    expect(result).toMatchObject({ stopReason: 'rowBudget', itemsFound: 8, itemsPassedOver: 5, itemsCleaned: 3 });
  });

  it('bound the rows that are looked at, ten for each', async () => {
    const { run, repository } = slowPassOver(1);
    repository.markJobsAsFailed.mockResolvedValue([]);
    repository.getStuckJobs.mockImplementation(async (_session, _hours, page) => pageOf(someJobs(100), page));
    expect(await run({ maxRows: 2 })).toMatchObject({ stopReason: 'rowBudget', itemsFound: 20, itemsPassedOver: 20 });
  });

  it('do not matter when fewer are due', async () => {
    const { run } = slowPassOver(1);
    expect(await run({ batchRows: 3, maxRows: 11 })).toMatchObject({ stopReason: 'drained', itemsCleaned: 10 });
  });

  it('leave the others to the next pass', async () => {
    const { run, repository } = slowPassOver(1);
    await run({ maxRows: 4 });
    repository.getStuckJobs.mockImplementation(async (_session, _hours, page) => pageOf(someJobs(10).slice(4), page));
    expect(await run()).toMatchObject({ stopReason: 'drained', itemsCleaned: 6 });
  });
});
