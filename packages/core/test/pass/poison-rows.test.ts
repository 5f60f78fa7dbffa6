import { describe, expect, it } from 'vitest';
import { type Job, JobsweepError, type PassOptions, refusedRows } from '../../src/index.js';
import { idsGiven, passOver, someJobs } from '../support.js';

const refused = (constraint?: string) =>
  new JobsweepError('ROW_REJECTED', 'The row is referenced: map that table or drop the key.', { constraint });

/** A pass over `count` jobs, of which the database refuses those with `ids`. */
function passWithPoison(count: number, ids: (id: string) => boolean) {
  const pass = passOver(someJobs(count));
  pass.repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
    if (jobs.some((job) => ids(job.id))) throw refused('invoices_job_fk');
    return [...jobs];
  });
  const repaired: string[] = [];
  const onRepaired = (rows: readonly Job[]) => void repaired.push(...rows.map((row) => row.id));
  const writes = () => pass.store.options.filter((options) => !options.readOnly).length;
  const run = (options: PassOptions<Job> = {}) => pass.run({ onRepaired, ...options });
  return { ...pass, repaired, writes, run };
}

describe('a row that the database refuses', () => {
  it('is left out, named and explained, and all others are repaired', async () => {
    const { run, repaired } = passWithPoison(10, (id) => id === '7');
    const result = await run();
    expect(result).toMatchObject({ status: 'done', stopReason: 'blocked', itemsFound: 10, itemsCleaned: 9 });
    expect(result.itemsBlocked).toBe(1);
    expect(result.blocked).toEqual([
      {
        id: '7',
        code: 'ROW_REJECTED',
        message: 'The row is referenced: map that table or drop the key.',
        constraint: 'invoices_job_fk',
      },
    ]);
    expect(repaired.toSorted()).toEqual(['1', '10', '2', '3', '4', '5', '6', '8', '9']);
  });

  it('is found in few transactions', async () => {
    const { run, writes } = passWithPoison(1000, (id) => id === '700');
    expect(await run()).toMatchObject({ itemsCleaned: 999, itemsBlocked: 1 });
    // The batch, two for each of ten halvings, and the empty page that ends the pass.
    expect(writes()).toBeLessThanOrEqual(1 + 2 * 10 + 1);
  });

  it('does not hold up the pages behind it', async () => {
    const { run, repository } = passWithPoison(7, (id) => id === '3');
    expect(await run({ batchRows: 3 })).toMatchObject({
      stopReason: 'blocked',
      itemsFound: 7,
      itemsCleaned: 6,
      itemsBlocked: 1,
    });
    expect(repository.getStuckJobs.mock.calls.map(([, , page]) => page?.after?.id)).toEqual([undefined, '3', '6']);
  });

  it('may be alone in its batch', async () => {
    const { run, repository } = passWithPoison(1, () => true);
    expect(await run()).toMatchObject({ stopReason: 'blocked', itemsFound: 1, itemsCleaned: 0, batches: 0 });
    expect(repository.markJobsAsFailed).toHaveBeenCalledTimes(1);
  });

  it('is said in the log, after the pass', async () => {
    const { run, events } = passWithPoison(2, (id) => id === '2');
    await run();
    expect(events.at(-1)).toBe(
      'warn [stuck_job_cleanup] Row 2 cannot be repaired (invoices_job_fk): The row is referenced: map that table or drop the key.',
    );
  });

  it('does not need to be named by a constraint', async () => {
    const { run, repository } = passWithPoison(1, () => false);
    repository.markJobsAsFailed.mockRejectedValue(refused());
    const result = await run();
    expect(result.blocked).toMatchObject([{ id: '1', constraint: undefined }]);
  });

  it('is also one whose statement takes too long even alone', async () => {
    const { run, repository } = passWithPoison(4, () => false);
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
      if (jobs.some((job) => job.id === '2')) throw new JobsweepError('STATEMENT_TIMEOUT', 'too slow');
      return [...jobs];
    });
    const result = await run();
    expect(result).toMatchObject({ stopReason: 'blocked', itemsCleaned: 3 });
    expect(result.blocked).toMatchObject([{ id: '2', code: 'STATEMENT_TIMEOUT' }]);
  });
});

describe('several refused rows', () => {
  it('are all found, and nothing is repaired twice', async () => {
    const poison = new Set(['1', '4', '5', '10']);
    const { run, repaired } = passWithPoison(10, (id) => poison.has(id));
    const result = await run();
    expect(result.blocked.map((row) => row.id).toSorted()).toEqual([...poison].toSorted());
    expect(repaired.toSorted()).toEqual(['2', '3', '6', '7', '8', '9']);
    expect(result).toMatchObject({ itemsCleaned: 6, itemsBlocked: 4, itemsFound: 10 });
  });

  it('are found in a number of transactions bounded by the rows', async () => {
    const { run, writes } = passWithPoison(256, () => true);
    expect(await run()).toMatchObject({ itemsCleaned: 0, itemsBlocked: 256 });
    expect(writes()).toBe(2 * 256 - 1);
  });

  it('are all counted, and the first hundred named', async () => {
    const { run, events } = passWithPoison(250, () => true);
    const result = await run({ batchRows: 50 });
    expect(result.itemsBlocked).toBe(250);
    expect(result.blocked).toHaveLength(100);
    const said = events.filter((event) => event.includes('cannot be repaired'));
    expect(said).toEqual([
      expect.stringMatching(
        /^warn \[stuck_job_cleanup\] 100\+ rows \(\d+, \d+, \d+, \.\.\.\) cannot be .* \(invoices_job_fk\): /,
      ),
      'warn [stuck_job_cleanup] 250 rows in all cannot be repaired',
    ]);
  });

  it('that are exactly a hundred need no total', async () => {
    const { run, events } = passWithPoison(100, () => true);
    expect((await run()).blocked).toHaveLength(100);
    expect(events.filter((event) => event.includes('in all'))).toEqual([]);
  });
});

describe('rows refused for several reasons', () => {
  const THREE = [1, 2, 3].map(() => expect.stringMatching(/^\d$/) as string);
  const reasons = (ids: readonly string[], reasonOf: (id: string) => JobsweepError) => {
    const { run, repository, events } = passWithPoison(ids.length, () => false);
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
      throw reasonOf(jobs[0]?.id ?? '');
    });
    return { run, events };
  };

  it('are a line for each constraint, with a count and three ids, the most first', async () => {
    const { run, events } = reasons(['1', '2', '3', '4', '5'], (id) => refused(id === '2' ? 'node_lock' : 'job_fk'));
    const { blocked, itemsBlocked } = await run();
    expect(refusedRows({ blocked, itemsBlocked })).toMatchObject([
      { constraint: 'job_fk', rows: 4, isCapped: false, ids: THREE },
      { constraint: 'node_lock', rows: 1, ids: ['2'] },
    ]);
    expect(events.filter((event) => event.includes('cannot be repaired'))).toHaveLength(2);
  });

  it('are one reason without a constraint where nothing but numbers and quoted values differ', async () => {
    const said = (id: string) => new JobsweepError('ROW_REJECTED', `Node '${id}' of allocation ${id} is locked`);
    const { blocked, itemsBlocked } = await reasons(['1', '2', '3'], said).run();
    expect(refusedRows({ blocked, itemsBlocked })).toMatchObject([
      { constraint: null, rows: 3, message: expect.stringMatching(/^Node '(\d)' of allocation \1 is locked$/) },
    ]);
  });
});

describe('a budget of rows', () => {
  it('counts the rows that were changed, and not those that were refused', async () => {
    const { run } = passWithPoison(9, (id) => id === '2');
    const result = await run({ maxRows: 4 });
    expect(result).toMatchObject({ stopReason: 'rowBudget', itemsFound: 5, itemsCleaned: 4, itemsBlocked: 1 });
  });
});

describe('the time of the pass', () => {
  it('ends the search for refused rows too, and the pauses of it', async () => {
    const { run, repository, timing } = passWithPoison(8, (id) => id === '8');
    const write = repository.markJobsAsFailed.getMockImplementation();
    repository.markJobsAsFailed.mockImplementation(async (...args) => {
      timing.ms += 400;
      return (await write?.(...args)) ?? [];
    });
    const result = await run({ timeoutSeconds: 1 });
    expect(result).toMatchObject({ status: 'done', stopReason: 'timeout', itemsFound: 8, itemsCleaned: 4 });
    expect(idsGiven(repository.markJobsAsFailed).map((ids) => ids.length)).toEqual([8, 4]);
  });
});

describe('a batch that is too large for what the server has', () => {
  const noRoom = new JobsweepError('SERVER_UNAVAILABLE', 'Out of memory.', { isDivisible: true });

  it('is divided until it fits', async () => {
    const pass = passOver(someJobs(8));
    pass.repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
      if (jobs.length > 2) throw noRoom;
      return [...jobs];
    });
    expect(await pass.run()).toMatchObject({ status: 'done', stopReason: 'drained', itemsCleaned: 8, itemsBlocked: 0 });
    expect(idsGiven(pass.repository.markJobsAsFailed).map(({ length }) => length)).toEqual([8, 4, 2, 2, 4, 2, 2]);
  });

  it('fails the pass where a single row is too much, and blocks no row for it', async () => {
    const pass = passOver(someJobs(4));
    pass.repository.markJobsAsFailed.mockRejectedValue(noRoom);
    expect(await pass.run()).toMatchObject({ status: 'failed', error: noRoom, itemsBlocked: 0, itemsContended: 0 });
  });

  it('fails the pass at once where fewer rows need as much', async () => {
    const pass = passOver(someJobs(4));
    const full = new JobsweepError('SERVER_UNAVAILABLE', 'The disk is full.');
    pass.repository.markJobsAsFailed.mockRejectedValue(full);
    expect(await pass.run()).toMatchObject({ status: 'failed', error: full });
    expect(pass.repository.markJobsAsFailed).toHaveBeenCalledTimes(1);
  });
});
