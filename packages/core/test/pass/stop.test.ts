import { describe, expect, it } from 'vitest';
import { passOver, someJobs } from '../support.js';

describe('a pass whose stop signal', () => {
  it('fired before begins nothing', async () => {
    const { run, events } = passOver(someJobs(3));
    expect(await run({ stopSignal: AbortSignal.abort() })).toMatchObject({ status: 'done', stopReason: 'aborted' });
    expect(events).toEqual([]);
  });

  it('fires in a batch commits that batch, and begins no other', async () => {
    const { run, repository } = passOver(someJobs(6));
    const stop = new AbortController();
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
      stop.abort();
      return [...jobs];
    });
    const result = await run({ batchRows: 2, stopSignal: stop.signal });
    expect(result).toMatchObject({ status: 'done', stopReason: 'aborted', itemsCleaned: 2, batches: 1 });
  });

  it('fires in the pause ends the pause', async () => {
    const { run, timing } = passOver(someJobs(6));
    const stop = new AbortController();
    const woken: boolean[] = [];
    const pausing = {
      nowMs: timing.nowMs,
      sleep: async (_ms: number, signal: AbortSignal | undefined) => {
        stop.abort();
        woken.push(signal?.aborted ?? false);
      },
    };
    const both = { signal: new AbortController().signal, stopSignal: stop.signal };
    expect(await run({ batchRows: 2, timing: pausing, ...both })).toMatchObject({ stopReason: 'aborted', batches: 1 });
    expect(woken).toEqual([true]);
  });
});
