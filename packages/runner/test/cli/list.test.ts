import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep } from './support/command.js';
import { inMemory } from './support/configs.js';

/** A pass of stuck_job_cleanup in the history. */
const entry = (pass: object) =>
  JSON.stringify({
    ...{ config: 'main', strategy: 'stuck_job_cleanup', status: 'done', stopReason: 'drained', durationMs: 3500 },
    ...{ itemsCleaned: 0, itemsFound: 4, itemsContended: 0, itemsPassedOver: 0, itemsBlocked: 0, itemsUnknown: 0 },
    ...{
      itemsHolding: 0,
      itemsUnconfirmed: 0,
      batches: 1,
      blocked: [],
      error: null,
      host: 'host-1',
      holder: 'host-1:7',
      note: null,
    },
    ...pass,
  });

/** What `list` says of the strategy after these passes, the oldest first. */
async function lineAfter(...passes: readonly object[]): Promise<string | undefined> {
  const appended = passes.map((pass) => `await store.journal.append(${entry(pass)})`);
  const wrap = `(${[...appended, 'store'].join(', ')})`;
  const { stdout } = await jobsweep(aFolder({ 'jobsweep.config.mjs': inMemory({ wrap }) }), ['list']);
  return stdout.split('\n').find((line) => line.startsWith('stuck_job_cleanup'));
}

describe('The last repair in a list', () => {
  const failed = { status: 'failed', stopReason: 'failed' };
  test.each<[string, RegExp, object[]]>([
    ['one row', /every 1 h +1 row, (3\.\d|4) s ago$/, [{ itemsCleaned: 1 }]],
    ['many rows', /every 1 h +1200 rows, (3\.\d|4) s ago$/, [{ itemsCleaned: 1200 }]],
    ['what a pass repaired before it failed', /every 1 h +3 rows, /, [{ ...failed, itemsCleaned: 3 }]],
    ['not a pass that only found rows', /every 1 h +7 rows, /, [{ itemsCleaned: 7 }, {}]],
    [
      'not one that failed, or was stopped',
      /every 1 h +7 rows, /,
      [{ itemsCleaned: 7 }, failed, { stopReason: 'tripped' }],
    ],
    ['nothing where nothing was repaired', /every 1 h$/, [{}, failed]],
  ])('is %s', async (_what, expected, passes) => {
    expect(await lineAfter(...passes)).toMatch(expected);
  });
});
