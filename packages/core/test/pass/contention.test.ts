import { describe, expect, it } from 'vitest';
import { JobsweepError } from '../../src/index.js';
import { idsGiven, passOver, someJobs } from '../support.js';

describe.each(['CONFLICT', 'LOCK_TIMEOUT'] as const)('a batch that ends with %s', (code) => {
  it('is tried in halves, never again at its size', async () => {
    const { run, repository } = passOver(someJobs(4));
    repository.markJobsAsFailed.mockRejectedValueOnce(new JobsweepError(code, 'Somebody else writes there.'));
    expect(await run()).toMatchObject({ stopReason: 'drained', itemsCleaned: 4, itemsContended: 0, batches: 2 });
    expect(idsGiven(repository.markJobsAsFailed)).toEqual([
      ['1', '2', '3', '4'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('leaves a single row to the next pass, as contended and not as blocked', async () => {
    const { run, repository, events } = passOver(someJobs(4));
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
      if (jobs.some((job) => job.id === '3')) throw new JobsweepError(code, 'Somebody else writes there.');
      return [...jobs];
    });
    const result = await run();
    expect(result).toMatchObject({ status: 'done', stopReason: 'drained', itemsCleaned: 3, itemsContended: 1 });
    expect(result).toMatchObject({ itemsBlocked: 0, blocked: [] });
    expect(events.at(-1)).toBe('info [stuck_job_cleanup] Left 1 rows that others hold to the next pass');
  });

  it('while it was committed is treated alike', async () => {
    const { run, store } = passOver(someJobs(1));
    store.commitErrors.set(2, new JobsweepError(code, 'Somebody else wrote there.'));
    expect(await run()).toMatchObject({ stopReason: 'drained', itemsCleaned: 0, itemsContended: 1 });
  });

  it('before any row was found fails the pass', async () => {
    const { run, repository } = passOver([]);
    const error = new JobsweepError(code, 'Somebody else writes there.');
    repository.getStuckJobs.mockRejectedValue(error);
    expect(await run()).toMatchObject({ status: 'failed', stopReason: 'failed', error });
  });

  it('before the second run of the transaction found any forgets what the first one found', async () => {
    const { run, repository, store } = passOver([]);
    const error = new JobsweepError(code, 'Somebody else writes there.');
    repository.getStuckJobs.mockResolvedValueOnce(someJobs(2)).mockRejectedValueOnce(error);
    store.runTwice.add(2);
    expect(await run()).toMatchObject({ status: 'failed', error, itemsFound: 0 });
    expect(repository.markJobsAsFailed).toHaveBeenCalledTimes(1);
  });
});

describe('rows that the repository left to others', () => {
  it('are counted and said in the log', async () => {
    const { run, repository, events } = passOver(someJobs(3));
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs, _message, _code, options) => {
      options?.onOutcome?.({ changed: [], contended: jobs.slice(0, 2) });
      return [];
    });
    expect(await run()).toMatchObject({ stopReason: 'drained', itemsContended: 2, itemsPassedOver: 1 });
    expect(events.at(-1)).toBe('info [stuck_job_cleanup] Left 2 rows that others hold to the next pass');
  });
});
