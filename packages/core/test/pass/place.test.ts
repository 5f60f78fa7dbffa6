import { describe, expect, it } from 'vitest';
import { JobsweepError, OldJobCleanupStrategy, type PassOptions, type PassResult, runPass } from '../../src/index.js';
import { FakeStore, FakeTiming } from '../fakes.js';
import { aJob, mockRepository } from '../support.js';

const refusal = new JobsweepError('ROW_REJECTED', 'An invoice names it.');

/**
 * A purge of jobs `1`, `2` and so on, in that order. The database refuses to delete some. Each pass begins where the one
 * before ended, and every look at the clock takes a millisecond.
 */
function purge(jobs: number, isRefused: (id: number) => boolean) {
  const ids = new Set(Array.from({ length: jobs }, (_, index) => index + 1));
  const looked: number[] = [];
  const repository = mockRepository();
  repository.getOldJobs.mockImplementation(async (_session, _days, { after, upTo, limit = jobs } = {}) => {
    const [from, to] = [Number(after?.id ?? 0), Number(upTo?.id ?? jobs)];
    const page = [...ids].filter((id) => id > from && id <= to).slice(0, limit);
    looked.push(...page);
    return page.map((id) => aJob({ id: String(id), version: { endTime: String(id) } }));
  });
  repository.deleteJobsBatch.mockImplementation(async (_session, rows) => {
    if (rows.some(({ id }) => isRefused(Number(id)))) throw refusal;
    for (const { id } of rows) ids.delete(Number(id));
    return rows.length;
  });
  const store = new FakeStore();
  const timing = new FakeTiming();
  const strategy = new OldJobCleanupStrategy(repository);
  let place: string | null = null;
  const pass = async (options: PassOptions = {}): Promise<PassResult> => {
    looked.length = 0;
    const clock = { sleep: timing.sleep, nowMs: () => (timing.ms += 1) };
    const result = await runPass(store, strategy, { place, pauseFraction: 0, timing: clock, ...options });
    ({ place } = result);
    return result;
  };
  return { ids, looked, repository, pass };
}

describe('a pass goes on where the one before ended', () => {
  it.each<[string, PassOptions, number]>([
    ['rows', { maxRows: 100 }, 60],
    ['time', { timeoutSeconds: 2 }, 10],
  ])('by its %s, behind 1200 jobs that are refused, to the 5000 that are not', async (_what, bound, most) => {
    const { ids, pass } = purge(6200, (id) => id <= 1200);
    for (let count = 0; count < most && ids.size > 1200; count += 1) await pass(bound);
    expect(ids.size).toBe(1200);
  });

  it('and comes round to it: each row is looked at once', async () => {
    const { looked, pass } = purge(10, (id) => id <= 8);
    expect(await pass({ batchRows: 3, maxRows: 1 })).toMatchObject({ stopReason: 'rowBudget', itemsFound: 9 });
    expect(looked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await pass({ batchRows: 3 })).toMatchObject({ stopReason: 'blocked', itemsFound: 9, itemsBlocked: 8 });
    expect(looked).toEqual([10, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('also where the row at the place is gone', async () => {
    const { ids, looked, pass } = purge(10, (id) => id <= 4);
    await pass({ batchRows: 1, maxRows: 1 });
    expect(ids.delete(6)).toBe(true);
    expect(ids.has(5)).toBe(false);
    await pass({ batchRows: 3 });
    expect(looked).toEqual([7, 8, 9, 10, 1, 2, 3, 4]);
  });

  it('with nothing behind it, and with nothing at all', async () => {
    const { ids, looked, pass } = purge(4, (id) => id <= 3);
    expect((await pass({ batchRows: 1, maxRows: 1 })).place).not.toBeNull();
    expect(await pass()).toMatchObject({ stopReason: 'blocked', itemsFound: 3, place: null });
    await pass({ batchRows: 1, timeoutSeconds: 0.01 });
    ids.clear();
    expect(await pass()).toMatchObject({ status: 'skipped', stopReason: 'drained', place: null });
    expect(looked).toEqual([]);
  });

  it('within a page that its time was too short for', async () => {
    const { looked, pass } = purge(64, () => true);
    const first = await pass({ timeoutSeconds: 0.04 });
    expect(first).toMatchObject({ stopReason: 'timeout', itemsFound: 64 });
    expect(first.itemsBlocked).toBeGreaterThan(0);
    await pass();
    expect(looked[0]).toBe(first.itemsBlocked + 1);
    expect(looked.toSorted((one, other) => one - other)).toEqual([...Array(64).keys()].map((index) => index + 1));
  });

  it('where it could not look at the rest of a batch', async () => {
    const { looked, pass, repository } = purge(6, () => false);
    repository.deleteJobsBatch.mockImplementationOnce(async (_session, jobs, options) => {
      options?.onOutcome?.({ changed: [], contended: jobs.slice(0, 2), rest: jobs.slice(2).map(({ id }) => id) });
      return 0;
    });
    const stop = new AbortController();
    const onBatch = () => stop.abort();
    expect(await pass({ stopSignal: stop.signal, onBatch })).toMatchObject({ stopReason: 'aborted', itemsFound: 6 });
    await pass();
    expect(looked).toEqual([3, 4, 5, 6, 1, 2]);
  });
});

describe('the place that a pass leaves', () => {
  it('is no other than it began at, where it was not admitted or aborted before it began', async () => {
    const { pass } = purge(9, (id) => id <= 4);
    const { place } = await pass({ batchRows: 1, maxRows: 1 });
    expect(await pass({ admit: async () => false })).toMatchObject({ stopReason: 'tripped', place });
    expect(await pass({ signal: AbortSignal.abort() })).toMatchObject({ stopReason: 'aborted', place });
  });

  it('is kept where it lost the database, and not where it would fail there again', async () => {
    const { pass, repository } = purge(9, (id) => id <= 4);
    const { place } = await pass({ batchRows: 1, maxRows: 1 });
    repository.deleteJobsBatch.mockRejectedValueOnce(new JobsweepError('CONNECTION_LOST', 'Gone.'));
    expect(await pass()).toMatchObject({ status: 'failed', place });
    repository.deleteJobsBatch.mockRejectedValueOnce(new JobsweepError('PERMISSION_DENIED', 'May not delete.'));
    expect(await pass()).toMatchObject({ status: 'failed', place: null });
  });

  it('has the id and the version of a row, and nothing else of it', async () => {
    const { pass } = purge(2, () => false);
    const { place } = await pass({ batchRows: 1, maxRows: 1 });
    expect(JSON.parse(place ?? '')).toEqual({ id: '1', version: { endTime: '1' } });
  });
});

describe('a place that says nothing', () => {
  it.each(['', 'behind the third', 'null', '7', '"7"', '{"version":{}}'])(
    'as %j begins at the front',
    async (place) => {
      const { looked, pass } = purge(3, () => false);
      expect(await pass({ place })).toMatchObject({ stopReason: 'drained', itemsCleaned: 3 });
      expect(looked).toEqual([1, 2, 3]);
    },
  );

  it('to the tables, as they are by now, begins at the front', async () => {
    const { looked, pass, repository } = purge(3, () => false);
    const find = repository.getOldJobs.getMockImplementation();
    repository.getOldJobs.mockImplementation(async (session, days, page) => {
      if (page?.after?.id === 'x') throw new JobsweepError('INVALID_OPTION', 'No such id.');
      return (await find?.(session, days, page)) ?? [];
    });
    expect(await pass({ place: '{"id":"x"}' })).toMatchObject({
      status: 'done',
      stopReason: 'drained',
      itemsCleaned: 3,
    });
    expect(looked).toEqual([1, 2, 3]);
  });

  it('is not what a pass fails for that finds nothing at all', async () => {
    const { pass, repository } = purge(3, () => false);
    const error = new JobsweepError('SCHEMA_MISMATCH', 'No such table.');
    repository.getOldJobs.mockRejectedValue(error);
    expect(await pass({ place: '{"id":"2"}' })).toMatchObject({ status: 'failed', error });
    expect(repository.getOldJobs).toHaveBeenCalledTimes(2);
  });
});
