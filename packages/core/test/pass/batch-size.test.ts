import { describe, expect, it } from 'vitest';
import { type ErrorCode, JobsweepError, type JobsweepErrorOptions } from '../../src/index.js';
import { idsGiven, pageOf, passOver, someJobs } from '../support.js';

/** A pass over many rows in which each row takes so long. */
function passAt(msPerRow: () => number, rows = someJobs(20_000)) {
  const pass = passOver(rows);
  pass.repository.getStuckJobs.mockImplementation(async (_session, _hours, page) => pageOf(rows, page));
  pass.repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
    pass.timing.ms += jobs.length * msPerRow();
    return [...jobs];
  });
  const sizes = () => idsGiven(pass.repository.markJobsAsFailed).map(({ length }) => length);
  return { ...pass, sizes };
}

describe('the rows of a batch', () => {
  it('are 1000 at first, and become more as long as they take less than 200 ms, up to 5000', async () => {
    const { run, sizes } = passAt(() => 0.001);
    await run();
    expect(sizes()).toEqual([1000, 1250, 1563, 1954, 2443, 3054, 3818, 4773, 145]);
    const long = passAt(() => 0.001, someJobs(40_000));
    await long.run();
    expect(Math.max(...long.sizes())).toBe(5000);
  });

  it('become as many as take 200 ms, and no fewer than half of the last', async () => {
    const { run, sizes } = passAt(() => 1, someJobs(2000));
    await run();
    expect(sizes()).toEqual([1000, 500, 250, 200, 50]);
  });

  it('stay where they take 200 ms', async () => {
    const { run, sizes } = passAt(() => 0.2, someJobs(3000));
    await run();
    expect(sizes()).toEqual([1000, 1000, 1000]);
  });

  it('recover from a single one on', async () => {
    const { run, sizes } = passAt(() => 1, someJobs(12));
    await run({ firstBatchRows: 1 });
    expect(sizes()).toEqual([1, 2, 3, 4, 2]);
  });

  it('are kept for the next pass by whoever gives it those of the last', async () => {
    const pass = passAt(() => 1, someJobs(2000));
    const { batchRows } = await pass.run();
    expect(batchRows).toBe(200);
    const next = passAt(() => 1, someJobs(400));
    await next.run({ firstBatchRows: batchRows });
    expect(next.sizes()).toEqual([200, 200]);
  });

  it('are always the same where they are given', async () => {
    for (const msPerRow of [0.001, 10]) {
      const { run, sizes } = passAt(() => msPerRow, someJobs(50));
      expect(await run({ batchRows: 20 })).toMatchObject({ batchRows: 20 });
      expect(sizes()).toEqual([20, 20, 10]);
    }
  });

  it('are not taken for too many by a small last batch', async () => {
    const { run } = passAt(() => 0.001, someJobs(1010));
    expect(await run()).toMatchObject({ batchRows: 1250, itemsCleaned: 1010 });
  });
});

describe('the rows of a batch after one that failed', () => {
  it.each<[ErrorCode, JobsweepErrorOptions]>([
    ['STATEMENT_TIMEOUT', {}],
    ['LOCK_TIMEOUT', {}],
    ['CONFLICT', {}],
    ['SERVER_UNAVAILABLE', { isDivisible: true }],
  ])('with %s are half of it', async (code, options) => {
    const pass = passAt(() => 0.2, someJobs(2000));
    pass.repository.markJobsAsFailed.mockRejectedValueOnce(new JobsweepError(code, 'no', options));
    await pass.run();
    expect(pass.sizes()).toEqual([1000, 500, 500, 625, 375]);
  });

  it('of a row that is refused are as many as before', async () => {
    const pass = passAt(() => 0.2, someJobs(3000));
    pass.repository.markJobsAsFailed.mockRejectedValueOnce(new JobsweepError('ROW_REJECTED', 'no'));
    await pass.run();
    expect(pass.sizes()).toEqual([1000, 500, 500, 1000, 1000]);
  });

  it('are half of it in the next pass too, where the time of this one was over', async () => {
    const pass = passAt(() => 0.2, someJobs(1000));
    pass.repository.markJobsAsFailed.mockImplementationOnce(async () => {
      pass.timing.ms += 2000;
      throw new JobsweepError('STATEMENT_TIMEOUT', 'no');
    });
    expect(await pass.run({ timeoutSeconds: 1 })).toMatchObject({ stopReason: 'timeout', batchRows: 500 });
  });
});
