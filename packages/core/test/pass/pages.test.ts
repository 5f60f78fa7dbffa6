import { describe, expect, it, vi } from 'vitest';
import { OldJobCleanupStrategy, type PassCounts, runPass } from '../../src/index.js';
import { FakeStore } from '../fakes.js';
import { idsGiven, mockRepository, pageOf, passOver, someJobs } from '../support.js';

describe('pages', () => {
  it('go on from the last row of the page before, until one is not full', async () => {
    const rows = someJobs(7);
    const { repository, run } = passOver(rows);
    const result = await run({ batchRows: 3 });
    const pages = repository.getStuckJobs.mock.calls.map(([, , page]) => ({ ...page }));
    expect(pages).toEqual([
      { limit: 3, after: undefined, signal: undefined, details: false },
      { limit: 3, after: rows[2], signal: undefined, details: false },
      { limit: 3, after: rows[5], signal: undefined, details: false },
    ]);
    expect(idsGiven(repository.markJobsAsFailed)).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7']]);
    expect(result).toMatchObject({ status: 'done', stopReason: 'drained', itemsFound: 7, itemsCleaned: 7, batches: 3 });
  });

  it('hold 1000 rows by default', async () => {
    const { repository, run } = passOver(someJobs(1001));
    await run();
    expect(idsGiven(repository.markJobsAsFailed).map((ids) => ids.length)).toEqual([1000, 1]);
  });

  it('after a full last one are looked for once more, which is no batch', async () => {
    const { repository, run } = passOver(someJobs(6));
    expect(await run({ batchRows: 3 })).toMatchObject({ stopReason: 'drained', itemsCleaned: 6, batches: 2 });
    expect(repository.getStuckJobs).toHaveBeenCalledTimes(3);
    expect(repository.markJobsAsFailed).toHaveBeenCalledTimes(2);
  });

  it('move past rows that did not change, so that those starve nobody', async () => {
    const { repository, run } = passOver(someJobs(7));
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => jobs.filter((job) => job.id === '7'));
    const result = await run({ batchRows: 3 });
    expect(idsGiven(repository.markJobsAsFailed).flat()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(result).toMatchObject({ stopReason: 'drained', itemsFound: 7, itemsCleaned: 1, itemsPassedOver: 6 });
  });

  it('hold rows again in the next pass that this one could not change', async () => {
    const { repository, run } = passOver(someJobs(2));
    repository.markJobsAsFailed.mockResolvedValueOnce([]);
    expect(await run()).toMatchObject({ itemsCleaned: 0, itemsPassedOver: 2 });
    expect(await run()).toMatchObject({ itemsCleaned: 2, itemsPassedOver: 0 });
  });
});

describe('a batch', () => {
  it('is one transaction: found, failed and released by the same session', async () => {
    const { repository, events, run } = passOver(someJobs(4));
    await run({ batchRows: 3 });
    const sessions = (operation: { mock: { calls: readonly (readonly unknown[])[] } }) =>
      operation.mock.calls.map(([session]) => session);
    const used = [{ transaction: 2 }, { transaction: 3 }];
    expect(sessions(repository.getStuckJobs)).toEqual(used);
    expect(sessions(repository.markJobsAsFailed)).toEqual(used);
    expect(sessions(repository.releaseResourcesForJobs)).toEqual(used);
    expect(events.filter((event) => !event.startsWith('warn'))).toEqual([
      ...['begin read-only', 'commit'],
      ...['begin', 'commit'],
      ...['begin', 'commit'],
    ]);
  });

  it('is found once, whatever cleans it up', async () => {
    const { repository, run } = passOver(someJobs(2));
    await run();
    expect(repository.getStuckJobs).toHaveBeenCalledTimes(1);
  });

  it('adds up what changed, what others hold and what was passed over', async () => {
    const { repository, run } = passOver(someJobs(6));
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs, _message, _code, options) => {
      options?.onOutcome?.({ changed: jobs.slice(0, 1), contended: jobs.slice(1, 2) });
      return jobs.slice(0, 1);
    });
    const seen: PassCounts[] = [];
    const result = await run({ batchRows: 3, onBatch: (counts) => void seen.push(counts) });
    const first = { itemsCleaned: 1, itemsFound: 3, itemsContended: 1, itemsPassedOver: 1, batches: 1 };
    const second = { itemsCleaned: 2, itemsFound: 6, itemsContended: 2, itemsPassedOver: 2, batches: 2 };
    expect(seen).toMatchObject([first, second]);
    expect(result).toMatchObject(second);
  });
});

describe('a repository that answers with bare numbers, as mocks do', () => {
  it.each([
    [3, ['1', '2', '3']],
    [2, undefined],
    [0, undefined],
  ])('and says %d of 3', async (number, repaired) => {
    const repository = mockRepository();
    repository.getOldJobs.mockImplementation(async (_session, _days, page) => pageOf(someJobs(3), page));
    repository.deleteJobsBatch.mockResolvedValue(number);
    const onRepaired = vi.fn();
    const result = await runPass(new FakeStore(), new OldJobCleanupStrategy(repository), { onRepaired });
    expect(result).toMatchObject({ itemsCleaned: number, itemsFound: 3, itemsPassedOver: 3 - number, batches: 1 });
    expect(onRepaired.mock.calls.map(([rows]) => (rows as { id: string }[]).map((row) => row.id))).toEqual(
      repaired ? [repaired] : [],
    );
  });
});
