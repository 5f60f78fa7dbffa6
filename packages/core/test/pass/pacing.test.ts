import { describe, expect, it, vi } from 'vitest';
import { checkPassOptions, type Job, type Probe, type Wait } from '../../src/index.js';
import { errorWith, idsGiven, passOver, someJobs } from '../support.js';

describe('rows a second', () => {
  it('are what a pass looks at, in batches of a fifth of a second', async () => {
    const { run, repository, timing } = passOver(someJobs(50));
    const result = await run({ pacing: { maxRowsPerSecond: 100 } });
    expect(idsGiven(repository.markJobsAsFailed).map(({ length }) => length)).toEqual([20, 20, 10]);
    expect(timing.slept).toEqual([200, 200]);
    expect(result).toMatchObject({ itemsCleaned: 50, waitedMs: 0 });
  });

  it('bound the batches that are given too', async () => {
    const { run, repository } = passOver(someJobs(3));
    await run({ batchRows: 100, pacing: { maxRowsPerSecond: 0.5 } });
    expect(idsGiven(repository.markJobsAsFailed)).toEqual([['1'], ['2'], ['3']]);
  });

  it('count rows that the host does not confirm', async () => {
    const { run, timing } = passOver(someJobs(6));
    const confirm = (rows: readonly Job[]) => rows.slice(1);
    await run({ batchRows: 2, pacing: { maxRowsPerSecond: 10 }, confirm });
    expect(timing.slept).toEqual([200, 200, 200]);
  });

  it('are no reason for a pause where the batch itself took as long', async () => {
    const { run, repository, timing } = passOver(someJobs(6));
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
      timing.ms += 150;
      return [...jobs];
    });
    await run({ batchRows: 2, pacing: { maxRowsPerSecond: 20 }, pauseFraction: 0.5 });
    expect(timing.slept).toEqual([75, 75, 75]);
  });
});

/** A pass with a probe that says one number after the other, and the last one from then on. */
function probedPass(numbers: readonly (number | null | Error)[], rows = someJobs(5)) {
  const pass = passOver(rows);
  const waits: (Wait | undefined)[] = [];
  let reading = 0;
  const query = vi.fn(async () => {
    const said = numbers[Math.min(reading++, numbers.length - 1)] ?? null;
    pass.events.push(`probe ${said instanceof Error ? said.message : said}`);
    if (said instanceof Error) throw said;
    return said;
  });
  const probe: Probe = { query, above: 10 };
  const options = { batchRows: 2, pacing: { probe }, onWait: (wait: Wait | undefined) => void waits.push(wait) };
  return { ...pass, query, waits, options };
}

describe('a probe', () => {
  it('is not asked while nothing is due', async () => {
    const { run, options, query } = probedPass([99], []);
    expect(await run(options)).toMatchObject({ status: 'skipped' });
    expect(query).not.toHaveBeenCalled();
  });

  it('is asked before the first write, and not again for five seconds', async () => {
    const { run, options, events, query } = probedPass([10]);
    expect(await run(options)).toMatchObject({ itemsCleaned: 5, waitedMs: 0 });
    expect(query).toHaveBeenCalledTimes(1);
    const asked = events.indexOf('probe 10');
    expect(events.slice(0, asked)).not.toContain('begin');
    expect(events.slice(asked)).toContain('begin');
  });

  it('makes the pass wait while its number is too high, and changes nothing meanwhile', async () => {
    const { run, options, waits, timing, events } = probedPass([11, 12, 3]);
    expect(await run(options)).toMatchObject({ stopReason: 'drained', itemsCleaned: 5, waitedMs: 10_000 });
    expect(timing.slept.slice(0, 2)).toEqual([5000, 5000]);
    expect(waits).toEqual([{ value: 11, above: 10, reason: null }, { value: 12, above: 10, reason: null }, undefined]);
    const between = events.slice(events.indexOf('probe 11'), events.indexOf('probe 3'));
    expect(between).toEqual([
      'probe 11',
      'info [stuck_job_cleanup] Waits: the probe says 11, which is above 10',
      'probe 12',
    ]);
  });

  it('is asked again between batches, once its number is old', async () => {
    const { run, options, repository, timing, query } = probedPass([1, 20, 1]);
    repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
      timing.ms += 6000;
      return [...jobs];
    });
    expect(await run(options)).toMatchObject({ itemsCleaned: 5, waitedMs: 5000 });
    expect(query).toHaveBeenCalledTimes(4);
  });

  it.each([
    ['that knows no number', null, 'The probe gave no number.'],
    ['that says what is none', Number.NaN, 'The probe gave no number.'],
    ['that fails', new Error('no such view'), 'no such view'],
  ])('%s makes the pass wait, and the log says why', async (_which, said, reason) => {
    const { run, options, waits, events } = probedPass([said, 0]);
    expect(await run(options)).toMatchObject({ itemsCleaned: 5, waitedMs: 5000 });
    expect(waits).toEqual([{ value: null, above: 10, reason }, undefined]);
    expect(events).toContain(`warn [stuck_job_cleanup] Waits for a number of the probe: ${reason}`);
  });

  it('that never answers makes the pass wait', async () => {
    const { run, options, waits } = probedPass([0]);
    let asked = 0;
    const query = async () => (asked++ === 0 ? new Promise<number>(() => undefined) : 0);
    await run({ ...options, pacing: { probe: { query, above: 10, everySeconds: 0.1 } } });
    expect(waits).toEqual([{ value: null, above: 10, reason: 'The probe took longer than it may.' }, undefined]);
  });

  it('ends no pass later than its time', async () => {
    const { run, options, repository, timing } = probedPass([99]);
    const result = await run({ ...options, timeoutSeconds: 12 });
    expect(result).toMatchObject({ status: 'done', stopReason: 'timeout', itemsFound: 2, itemsCleaned: 0 });
    expect(timing.slept).toEqual([5000, 5000, 2000]);
    expect(repository.markJobsAsFailed).not.toHaveBeenCalled();
  });

  it.each(['signal', 'stopSignal'] as const)('lets go at once when %s fires', async (which) => {
    const { run, options, repository } = probedPass([99]);
    const controller = new AbortController();
    const query = (): Promise<number> => {
      controller.abort();
      return new Promise(() => undefined);
    };
    const pacing = { probe: { query, above: 10, everySeconds: 3600 } };
    const result = await run({ ...options, pacing, timeoutSeconds: 10_000, [which]: controller.signal });
    expect(result).toMatchObject({ status: 'done', stopReason: 'aborted' });
    expect(repository.markJobsAsFailed).not.toHaveBeenCalled();
  });

  it('is heard whatever becomes of the callback', async () => {
    const { run, options, events } = probedPass([11, 0]);
    const onWait = () => Promise.reject(new Error('no listener'));
    expect(await run({ ...options, onWait })).toMatchObject({ itemsCleaned: 5 });
    expect(events).toContain('error [stuck_job_cleanup] onWait failed: Error: no listener');
  });
});

describe('pacing is refused', () => {
  const query = async () => 0;
  it.each([
    [{ maxRowsPerSecond: 0 }, 'pacing.maxRowsPerSecond is 0: give a number above 0 and at most 1000000.'],
    [
      { probe: { query: ' ', above: 1 } },
      "pacing.probe.query is ' ': give one query that answers with one number, or a function.",
    ],
    [
      { probe: { query: 'SELECT 1; COMMIT', above: 1 } },
      "pacing.probe.query is 'SELECT 1; COMMIT': give one query that answers with one number, or a function.",
    ],
    [{ probe: { query, above: Number.NaN } }, 'pacing.probe.above is NaN: give the number above which a pass waits.'],
    [
      { probe: { query, above: 1, everySeconds: 0 } },
      'pacing.probe.everySeconds is 0: give a number of seconds from 0.1 to 3600.',
    ],
    [
      { probe: { query: 'SELECT 1', above: 1 } },
      "pacing.probe.query is 'SELECT 1': give a function: this store runs no query that is a text.",
    ],
  ])('%j', (pacing, message) => {
    expect(() => checkPassOptions({ pacing })).toThrow(errorWith('INVALID_OPTION', message));
  });
});
