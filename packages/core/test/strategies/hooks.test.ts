import { describe, expect, it, vi } from 'vitest';
import {
  CompletedJobCleanupStrategy,
  type CountOptions,
  OldJobCleanupStrategy,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
  type WriteOutcome,
} from '../../src/index.js';
import { aJob, anAllocation, mockRepository, recordingLogger, session, someJobs } from '../support.js';

describe('before', () => {
  it.each([
    [9_999, '9999'],
    [10_000, '10000+'],
    [12_345, '10000+'],
  ])('shows a count of %d as %s', async (count, shown) => {
    const repository = mockRepository();
    const logger = recordingLogger();
    repository.countCompletedJobsWithUnreleasedResources.mockResolvedValue(count);
    repository.countStaleReservations.mockResolvedValue(count);
    expect(await new CompletedJobCleanupStrategy(repository, { logger }).before(session)).toBe(true);
    expect(await new StaleReservationCleanupStrategy(repository, { logger }).before(session)).toBe(true);
    expect(logger.lines).toEqual([
      `debug [completed_job_cleanup] Found ${shown} completed jobs to clean`,
      `info [stale_reservation_cleanup] Found ${shown} stale reservations to clean`,
    ]);
  });

  it('hands signal and bound to the count, and shows where that bound stopped it', async () => {
    const repository = mockRepository();
    const logger = recordingLogger();
    const options: CountOptions = { atMost: 50, signal: new AbortController().signal };
    repository.countCompletedJobsWithUnreleasedResources.mockResolvedValue(50);
    await new CompletedJobCleanupStrategy(repository, { logger }).before(session, options);
    expect(repository.countCompletedJobsWithUnreleasedResources).toHaveBeenCalledExactlyOnceWith(session, options);
    expect(logger.lines).toEqual(['debug [completed_job_cleanup] Found 50+ completed jobs to clean']);
  });
});

describe('cleanup', () => {
  it('finds a page of 1000 itself when it is given no rows', async () => {
    const repository = mockRepository();
    const rows = someJobs(2);
    repository.getOldJobs.mockResolvedValue(rows);
    const result = await new OldJobCleanupStrategy(repository).cleanup(session);
    expect(repository.getOldJobs).toHaveBeenCalledExactlyOnceWith(session, 30, {
      limit: 1000,
      deletableOnly: true,
      details: false,
    });
    expect(result).toEqual({ itemsCleaned: 2, found: rows, changed: rows, contended: [] });
  });

  it('finds the page that it is asked for', async () => {
    const repository = mockRepository();
    const page = { limit: 10, after: aJob({ id: '9' }), signal: new AbortController().signal };
    await new OldJobCleanupStrategy(repository).cleanup(session, page);
    expect(repository.getOldJobs).toHaveBeenCalledExactlyOnceWith(session, 30, {
      ...page,
      deletableOnly: true,
      details: false,
    });
  });

  it('finds nothing again when it is given rows', async () => {
    const repository = mockRepository();
    await new OldJobCleanupStrategy(repository).cleanup(session, { rows: someJobs(1) });
    expect(repository.getOldJobs).not.toHaveBeenCalled();
  });

  it('writes nothing when nothing is found', async () => {
    const repository = mockRepository();
    const result = await new OldJobCleanupStrategy(repository).cleanup(session);
    expect(result).toEqual({ itemsCleaned: 0, found: [], changed: [], contended: [] });
    expect(repository.deleteJobsBatch).not.toHaveBeenCalled();
  });

  it('reports what the repository says it changed and left to others', async () => {
    const repository = mockRepository();
    const [first, second, third] = someJobs(3);
    if (!first || !second || !third) throw new Error('three jobs');
    const outcome: WriteOutcome<typeof first> = { changed: [first], contended: [second] };
    repository.deleteJobsBatch.mockImplementation(async (_session, _jobs, options) => {
      options?.onOutcome?.(outcome);
      return 1;
    });
    const rows = [first, second, third];
    const result = await new OldJobCleanupStrategy(repository).cleanup(session, { rows });
    expect(result).toEqual({ itemsCleaned: 1, found: rows, ...outcome });
  });

  it('names no rows when a bare number says that only some changed', async () => {
    const repository = mockRepository();
    const rows = someJobs(3);
    repository.deleteJobsBatch.mockResolvedValue(2);
    const result = await new OldJobCleanupStrategy(repository).cleanup(session, { rows });
    expect(result).toEqual({ itemsCleaned: 2, found: rows, changed: [], contended: [] });
  });

  it('hands its signal to every write', async () => {
    const repository = mockRepository();
    const { signal } = new AbortController();
    const given = expect.objectContaining({ signal });
    const allocations = [anAllocation()];
    const jobs = [aJob()];
    await new CompletedJobCleanupStrategy(repository).cleanup(session, { rows: allocations, signal });
    await new StaleReservationCleanupStrategy(repository).cleanup(session, { rows: allocations, signal });
    await new StuckJobCleanupStrategy(repository).cleanup(session, { rows: jobs, signal });
    await new OldJobCleanupStrategy(repository).cleanup(session, { rows: jobs, signal });
    expect(repository.releaseResourcesForCompletedJobs).toHaveBeenCalledWith(session, allocations, given);
    expect(repository.cleanupStaleReservations.mock.calls[0]?.[3]).toEqual(given);
    expect(repository.markJobsAsFailed.mock.calls[0]?.[4]).toEqual(given);
    expect(repository.releaseResourcesForJobs).toHaveBeenCalledWith(session, jobs, given);
    expect(repository.deleteJobsBatch).toHaveBeenCalledWith(session, jobs, given);
  });

  it('passes the error of a write on as it is', async () => {
    const repository = mockRepository();
    const error = new Error('the disk is full');
    repository.deleteJobsBatch.mockRejectedValue(error);
    const cleanup = new OldJobCleanupStrategy(repository).cleanup(session, { rows: someJobs(1) });
    await expect(cleanup).rejects.toBe(error);
  });
});

describe('announce and after', () => {
  it('are silent where a strategy has nothing to say', async () => {
    const spy = vi.fn();
    const logger = { debug: spy, info: spy, warn: spy, error: spy };
    new CompletedJobCleanupStrategy(mockRepository(), { logger }).announce([anAllocation()]);
    new OldJobCleanupStrategy(mockRepository(), { logger }).announce(someJobs(1));
    expect(spy).not.toHaveBeenCalled();
  });
});
