import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Job, JobsweepError, type PassOptions, runPass, StuckJobCleanupStrategy } from '../../src/index.js';
import { MemoryDatabase, type MemorySession, memoryStore } from '../../src/memory/index.js';
import type { FakeSession } from '../fakes.js';
import { aJob, passOver, someJobs } from '../support.js';

const idsOf = (rows: readonly Job[]) => rows.map(({ id }) => id);
const forEver = () => new Promise<never>(() => undefined);

describe('within', () => {
  it('gets the rows that a batch changed, as they are now, in its session and before the commit', async () => {
    const { run, events, repository } = passOver(someJobs(2));
    const failed = aJob({ id: '2', state: 'FAILED' });
    repository.markJobsAsFailed.mockResolvedValueOnce([failed]);
    const within = vi.fn((session: FakeSession, rows: readonly Job[]) => {
      events.push(`within ${session.transaction}`);
      expect(rows).toEqual([failed]);
    });
    await run({ within });
    expect(events.slice(2, 5)).toEqual(['begin', 'within 2', 'commit']);
    expect(within).toHaveBeenCalledOnce();
  });

  it('is not called where nothing was changed', async () => {
    const { run, repository } = passOver(someJobs(2));
    repository.markJobsAsFailed.mockResolvedValue([]);
    const within = vi.fn();
    await run({ within });
    expect(within).not.toHaveBeenCalled();
  });

  it('is called again when the transaction is run again', async () => {
    const { run, store } = passOver(someJobs(2));
    store.runTwice.add(2);
    const within = vi.fn();
    expect(await run({ within })).toMatchObject({ itemsCleaned: 2 });
    expect(within).toHaveBeenCalledTimes(2);
  });
});

/** Stuck jobs in memory, and a table of the host's. */
async function cluster(jobs: number) {
  const database = new MemoryDatabase();
  const ids = Array.from({ length: jobs }, (_, index) => String(index + 1));
  const startTime = '2001-01-01T00:00:00Z';
  await database.seed({ jobs: ids.map((id) => ({ id, state: 'RUNNING', startTime })) });
  const store = memoryStore(database);
  const run = (options: PassOptions<Job, MemorySession>) =>
    runPass(store, new StuckJobCleanupStrategy(store.repository), options);
  const failed = () => database.rows('jobs').flatMap(({ id, state }) => (state === 'FAILED' ? [String(id)] : []));
  return { database, store, run, failed };
}

describe('a row that within refuses', () => {
  it('is blocked with what it said, and all others are repaired', async () => {
    const { run, failed } = await cluster(8);
    const repaired: string[] = [];
    const result = await run({
      within: (_session, rows) => {
        if (rows.some(({ id }) => id === '5')) throw new Error('agent-5 has no such counter');
      },
      onRepaired: (rows) => void repaired.push(...idsOf(rows)),
    });
    expect(result).toMatchObject({ status: 'done', stopReason: 'blocked', itemsCleaned: 7, itemsBlocked: 1 });
    expect(result.blocked).toMatchObject([
      { id: '5', code: 'HOOK_FAILED', message: 'within of stuck_job_cleanup: agent-5 has no such counter.' },
    ]);
    expect(failed().toSorted()).toEqual(['1', '2', '3', '4', '6', '7', '8']);
    expect(repaired.toSorted()).toEqual(failed().toSorted());
  });

  it('names the constraint that refused what it wrote', async () => {
    const { run } = await cluster(1);
    const refused = new JobsweepError('ROW_REJECTED', 'Below 0.', { constraint: 'used_check' });
    const { blocked } = await run({ within: () => Promise.reject(refused) });
    expect(blocked).toMatchObject([{ id: '1', code: 'HOOK_FAILED', constraint: 'used_check' }]);
  });
});

describe('what within throws', () => {
  it('for want of another try is tried again like a conflict of the repair', async () => {
    const { run, failed } = await cluster(2);
    const within = vi.fn();
    within.mockRejectedValueOnce(new JobsweepError('CONFLICT', 'Deadlock.'));
    expect(await run({ within })).toMatchObject({ stopReason: 'drained', itemsCleaned: 2 });
    expect(failed()).toHaveLength(2);
  });

  it('of a table that is not there fails the pass at once, by its name', async () => {
    const { run, failed } = await cluster(4);
    const within = vi.fn().mockRejectedValue(new JobsweepError('SCHEMA_MISMATCH', 'No table "outbox".'));
    expect(await run({ within })).toMatchObject({ status: 'failed', error: { code: 'HOOK_FAILED' }, itemsCleaned: 0 });
    expect(within).toHaveBeenCalledOnce();
    expect(failed()).toEqual([]);
  });
});

describe('a hook that does not end', () => {
  it('within a transaction takes it back when the time of the pass is over', async () => {
    const { run, failed } = await cluster(2);
    expect(await run({ within: forEver, timeoutSeconds: 0.1 })).toMatchObject({
      stopReason: 'timeout',
      itemsCleaned: 0,
    });
    expect(failed()).toEqual([]);
  });

  it('after the commit holds an aborted pass for a few seconds only', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { run } = passOver(someJobs(2));
    const stop = new AbortController();
    const reasons: AbortSignal[] = [];
    const onRepaired: PassOptions['onRepaired'] = (_rows, { signal }) => {
      reasons.push(signal);
      stop.abort();
      return forEver();
    };
    const pass = run({ onRepaired, batchRows: 1, signal: stop.signal });
    await vi.advanceTimersByTimeAsync(5001);
    expect(await pass).toMatchObject({ stopReason: 'aborted', itemsCleaned: 1 });
    expect(reasons).toMatchObject([{ aborted: true }]);
  });
});
