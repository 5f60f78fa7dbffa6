import { describe, expect, it, vi } from 'vitest';
import { planPass } from '../../src/index.js';
import { calledOperations, errorWith, passOver, someJobs } from '../support.js';

describe('a plan', () => {
  it('says how many rows are due, and describes the first ten', async () => {
    const { store, strategy } = passOver(someJobs(12));
    const plan = await planPass(store, strategy);
    expect(plan).toMatchObject({ due: 12, capped: false });
    expect(plan.samples).toHaveLength(10);
    const dueSince = new Date('2024-04-03T08:00:00Z');
    expect(plan.samples[0]).toEqual({ id: '1', description: 'Stuck job 1 (train)', dueSince });
    expect(plan.samples[9]).toEqual({ id: '10', description: 'Stuck job 10 (train)', dueSince });
  });

  it('describes as many as it is asked to, across pages too', async () => {
    const { store, strategy } = passOver(someJobs(1005));
    expect((await planPass(store, strategy, { samples: 0 })).samples).toEqual([]);
    expect((await planPass(store, strategy, { samples: 1003 })).samples.at(-1)?.id).toBe('1003');
  });

  it('finds nothing where there is nothing', async () => {
    const { store, strategy } = passOver([]);
    expect(await planPass(store, strategy)).toEqual({ due: 0, capped: false, samples: [] });
  });

  it('uses find alone: no check, no write, no text', async () => {
    const { store, strategy, repository, logger } = passOver(someJobs(3));
    const hooks = (['before', 'cleanup', 'announce', 'after'] as const).map((hook) => vi.spyOn(strategy, hook));
    await planPass(store, strategy);
    expect(calledOperations(repository)).toEqual(['getStuckJobs']);
    for (const hook of hooks) expect(hook).not.toHaveBeenCalled();
    expect(logger.lines).toEqual(store.events);
    expect(store.events).toEqual(['begin read-only', 'commit']);
  });

  it('pages, in one read-only transaction a page', async () => {
    const rows = someJobs(2500);
    const { store, strategy, repository } = passOver(rows);
    const { signal } = new AbortController();
    expect(await planPass(store, strategy, { signal })).toMatchObject({ due: 2500, capped: false });
    expect(repository.getStuckJobs.mock.calls.map(([, , page]) => page)).toEqual([
      { limit: 1000, after: undefined, signal, details: false },
      { limit: 1000, after: rows[999], signal, details: false },
      { limit: 1000, after: rows[1999], signal, details: false },
    ]);
    expect(store.options).toEqual(Array.from({ length: 3 }, () => ({ readOnly: true, signal })));
  });

  it('gives each statement what is left of its time', async () => {
    const { store, strategy } = passOver(someJobs(1500));
    await planPass(store, strategy, { timeoutSeconds: 3 });
    const [first, second] = store.options.map(({ timeoutSeconds = 0 }) => timeoutSeconds);
    expect(first).toBeLessThanOrEqual(3);
    expect(second).toBeLessThan(first ?? 0);
    expect(second).toBeGreaterThanOrEqual(0.1);
  });

  it('stops counting at 10000', async () => {
    const { store, strategy } = passOver(someJobs(10_001));
    expect(await planPass(store, strategy)).toMatchObject({ due: 10_000, capped: true });
    expect(store.options).toHaveLength(10);
  });

  it('stops counting where it is told to, and reads no row beyond', async () => {
    const { store, strategy, repository } = passOver(someJobs(3000));
    expect(await planPass(store, strategy, { atMost: 1200 })).toMatchObject({ due: 1200, capped: true });
    expect(repository.getStuckJobs.mock.calls.map(([, , page]) => page?.limit)).toEqual([1000, 200]);
  });

  it('one row short of the bound is not capped', async () => {
    const { store, strategy } = passOver(someJobs(9));
    expect(await planPass(store, strategy, { atMost: 10 })).toMatchObject({ due: 9, capped: false });
    expect(await planPass(store, strategy, { atMost: 9 })).toMatchObject({ due: 9, capped: true });
  });

  it('rejects with ABORTED once its signal fires', async () => {
    const { store, strategy, repository } = passOver(someJobs(1));
    const plan = planPass(store, strategy, { signal: AbortSignal.abort() });
    await expect(plan).rejects.toThrow(errorWith('ABORTED', 'Stopped by its abort signal.'));
    expect(repository.getStuckJobs).not.toHaveBeenCalled();
  });

  it('rejects with the error of the database', async () => {
    const { store, strategy, repository } = passOver(someJobs(1));
    const error = new Error('relation "jobs" does not exist');
    repository.getStuckJobs.mockRejectedValue(error);
    await expect(planPass(store, strategy)).rejects.toBe(error);
  });
});
