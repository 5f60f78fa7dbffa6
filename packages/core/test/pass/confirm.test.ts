import { describe, expect, it, vi } from 'vitest';
import { type Job, JobsweepError, planPass, runPass, StuckJobCleanupStrategy } from '../../src/index.js';
import { errorWith, idsGiven, passOver, someJobs } from '../support.js';

const idsOf = (rows: readonly Job[]) => rows.map(({ id }) => id);
/** What never ends by itself. */
const forEver = () => new Promise<never>(() => undefined);

/** A pass whose host writes into the list of events what it is asked, and leaves some rows out. */
function asking(count: number, leaves: (id: string) => boolean = () => false) {
  const pass = passOver(someJobs(count));
  const confirm = vi.fn((rows: readonly Job[]) => {
    pass.events.push(`confirm ${idsOf(rows).join(' ')}`);
    return rows.filter(({ id }) => !leaves(id));
  });
  return { ...pass, confirm };
}

describe('confirm', () => {
  it('is asked about each page before its transaction, and only what it gives back is repaired', async () => {
    const { run, events, confirm, repository } = asking(5, (id) => id === '2');
    const result = await run({ batchRows: 2, confirm, pauseFraction: 0 });
    expect(events.filter((event) => !event.startsWith('warn'))).toEqual([
      ...['begin read-only', 'commit'],
      ...['begin read-only', 'commit', 'confirm 1 2', 'begin', 'commit'],
      ...['begin read-only', 'commit', 'confirm 3 4', 'begin', 'commit'],
      ...['begin read-only', 'commit', 'confirm 5', 'begin', 'commit'],
      'info [stuck_job_cleanup] Left 1 rows that the host did not confirm',
    ]);
    expect(idsGiven(repository.markJobsAsFailed)).toEqual([['1'], ['3', '4'], ['5']]);
    expect(result).toMatchObject({
      ...{ stopReason: 'drained', itemsFound: 5, itemsCleaned: 4, itemsPassedOver: 1, itemsUnconfirmed: 1 },
    });
  });

  it('begins no transaction for a page of which nothing is left', async () => {
    const { run, events, confirm } = asking(3, () => true);
    const result = await run({ confirm });
    expect(events).not.toContain('begin');
    expect(result).toMatchObject({
      stopReason: 'drained',
      itemsCleaned: 0,
      itemsUnconfirmed: 3,
      batches: 0,
      place: null,
    });
  });

  it('may be asynchronous, and give back rows of its own making in any order', async () => {
    const { run, repository } = passOver(someJobs(3));
    await run({ confirm: async () => [{ id: '3' }, { id: '1' }, { id: '3' }] as Job[] });
    expect(repository.markJobsAsFailed.mock.calls.map(([, rows]) => rows)).toEqual([[someJobs(3)[0], someJobs(3)[2]]]);
  });

  it('comes after the breaker, and not at all when that trips', async () => {
    const { run, events, confirm } = asking(1);
    await run({ confirm, admit: async () => events.push('admit') > 0 });
    expect(events.indexOf('admit')).toBeLessThan(events.indexOf('confirm 1'));
    const tripped = asking(1);
    await tripped.run({ confirm: tripped.confirm, admit: async () => false });
    expect(tripped.confirm).not.toHaveBeenCalled();
  });

  it('is not asked with nothing to do, nor by a plan', async () => {
    const { run, confirm, store, repository } = asking(0);
    expect(await run({ confirm })).toMatchObject({ status: 'skipped' });
    repository.getStuckJobs.mockResolvedValue(someJobs(2));
    await planPass(store, new StuckJobCleanupStrategy(repository, { confirm }));
    expect(confirm).not.toHaveBeenCalled();
  });

  it('is asked once about a row, also when its batch is divided and run again', async () => {
    const { run, confirm, store, repository } = asking(4);
    store.runTwice.add(4);
    repository.markJobsAsFailed.mockRejectedValueOnce(new JobsweepError('CONFLICT', 'Another one was first.'));
    expect(await run({ confirm })).toMatchObject({ itemsCleaned: 4 });
    expect(repository.markJobsAsFailed.mock.calls.length).toBeGreaterThan(2);
    expect(confirm).toHaveBeenCalledOnce();
  });

  it('is asked by strategy and pass one after the other, of both', async () => {
    const { store, repository } = passOver([]);
    repository.getStuckJobs.mockImplementation(async (_session, _hours, page) => (page?.after ? [] : someJobs(3)));
    const second = vi.fn((rows: readonly Job[]) => rows.slice(1));
    const strategy = new StuckJobCleanupStrategy(repository, { confirm: (rows) => rows.slice(1) });
    await runPass(store, strategy, { confirm: second });
    expect(idsOf(second.mock.calls[0]?.[0] ?? [])).toEqual(['2', '3']);
    expect(idsGiven(repository.markJobsAsFailed)).toEqual([['3']]);
  });
});

describe('what confirm does wrong fails the pass, and nothing of its page is changed:', () => {
  const failure = (said: string) => errorWith('HOOK_FAILED', `confirm of stuck_job_cleanup: ${said}.`);

  it.each<[string, () => unknown, string]>([
    ['an error', () => Promise.reject(new Error('no route to host.')), 'no route to host'],
    ['no list', () => undefined, 'It has to give back a list of the rows that are to be repaired'],
    ['a row of others', () => [{ id: '77' }], "It gave back a row that it was not given: '77'"],
  ])('%s', async (_what, confirm, said) => {
    const { run, repository } = passOver(someJobs(2));
    const result = await run({ confirm: confirm as () => Job[] });
    expect(result).toMatchObject({ status: 'failed', stopReason: 'failed', error: failure(said), itemsCleaned: 0 });
    expect(repository.markJobsAsFailed).not.toHaveBeenCalled();
  });
});

describe('a confirm that does not end', () => {
  it('is told when the time of the pass is over, and the page is left to the next pass', async () => {
    const { run, repository } = passOver(someJobs(2));
    let told: AbortSignal | undefined;
    const confirm = (_rows: readonly Job[], { signal }: { signal: AbortSignal }) => {
      told = signal;
      return forEver();
    };
    const result = await run({
      confirm,
      timeoutSeconds: 0.05,
      timing: { nowMs: () => performance.now(), sleep: forEver },
    });
    expect(result).toMatchObject({ status: 'done', stopReason: 'timeout', itemsCleaned: 0, place: null });
    expect(told?.aborted).toBe(true);
    expect(repository.markJobsAsFailed).not.toHaveBeenCalled();
  });

  it('is told when the pass is aborted', async () => {
    const { run } = passOver(someJobs(2));
    const stop = new AbortController();
    const confirm = (_rows: readonly Job[], { signal }: { signal: AbortSignal }) => {
      stop.abort();
      // As what is given a signal does: it rejects with a reason of its own.
      return signal.aborted ? Promise.reject(new Error('gone')) : forEver();
    };
    expect(await run({ confirm, signal: stop.signal })).toMatchObject({ stopReason: 'aborted', itemsCleaned: 0 });
  });
});

describe('a hook that is no function', () => {
  it('is refused by the strategy, and by the pass', async () => {
    const { run, repository } = passOver([]);
    const confirm = 'kill' as never;
    expect(() => new StuckJobCleanupStrategy(repository, { confirm })).toThrow(
      errorWith('INVALID_OPTION', "stuck_job_cleanup.confirm is 'kill': give a function."),
    );
    await expect(run({ confirm })).rejects.toThrow(errorWith('INVALID_OPTION', "confirm is 'kill': give a function."));
  });
});
