import { describe, expect, it, vi } from 'vitest';
import { JobsweepError } from '../../src/index.js';
import { idsGiven, passOver, someJobs } from '../support.js';

const lost = () => new JobsweepError('COMMIT_UNKNOWN', 'The connection was lost while committing.');
const warning = (rows: number) =>
  `warn [stuck_job_cleanup] The commit of ${rows} rows was lost: they may be repaired or not`;

describe('a commit that was lost on the way', () => {
  it('counts its rows as unknown, never as cleaned, and fails the pass', async () => {
    const { run, store, events } = passOver(someJobs(3));
    const error = lost();
    store.commitErrors.set(2, error);
    const onRepaired = vi.fn();
    const result = await run({ onRepaired });
    expect(result).toMatchObject({ status: 'failed', stopReason: 'failed', error });
    expect(result).toMatchObject({ itemsFound: 3, itemsUnknown: 3, itemsCleaned: 0, batches: 0 });
    expect(onRepaired).not.toHaveBeenCalled();
    expect(events).toEqual(['begin read-only', 'commit', 'begin', 'rollback', warning(3)]);
  });

  it('is not tried again, nor in parts', async () => {
    const { run, store, repository } = passOver(someJobs(4));
    store.commitErrors.set(2, lost());
    await run();
    expect(repository.markJobsAsFailed).toHaveBeenCalledTimes(1);
  });

  it('keeps what was committed before', async () => {
    const { run, store } = passOver(someJobs(5));
    store.commitErrors.set(3, lost());
    expect(await run({ batchRows: 3 })).toMatchObject({ itemsCleaned: 3, itemsUnknown: 2, itemsFound: 5, batches: 1 });
  });

  it('of a part counts that part, and ends the search for refused rows', async () => {
    const { run, store, repository, events } = passOver(someJobs(4));
    repository.markJobsAsFailed.mockRejectedValueOnce(new JobsweepError('ROW_REJECTED', 'no'));
    store.commitErrors.set(3, lost());
    expect(await run()).toMatchObject({ status: 'failed', itemsUnknown: 2, itemsCleaned: 0, itemsFound: 4 });
    expect(idsGiven(repository.markJobsAsFailed)).toEqual([
      ['1', '2', '3', '4'],
      ['1', '2'],
    ]);
    expect(events.at(-1)).toBe(warning(2));
  });

  it('of a page without rows loses none', async () => {
    const { run, store } = passOver([]);
    store.commitErrors.set(2, lost());
    expect(await run()).toMatchObject({ status: 'failed', itemsUnknown: 0, itemsFound: 0 });
  });
});
