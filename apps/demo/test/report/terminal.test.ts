import type { PassCounts } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { passProgress } from '../../src/report/progress.js';
import { styleFor } from '../../src/report/style.js';

describe('colour', () => {
  const terminal = { isTTY: true, hasColors: () => true } as unknown as NodeJS.WriteStream;
  const pipe = {} as NodeJS.WriteStream;
  const red = '\u001b[31mx\u001b[39m';

  test.each([
    ['on a terminal', terminal, {}, red],
    ['nowhere else', pipe, {}, 'x'],
    ['not with NO_COLOR', terminal, { NO_COLOR: '1' }, 'x'],
    ['anywhere with FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, red],
    ['not with FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, 'x'],
    ['not where NO_COLOR and FORCE_COLOR disagree', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, 'x'],
  ])('is used %s', (_, stream, env, expected) => {
    expect(styleFor(stream, env)('red', 'x')).toBe(expected);
  });
});

test('a pass shows one bar after another, as long as what was found wrong before', () => {
  const shown: unknown[] = [];
  const progress = {
    begin: (label: string, of?: number) => shown.push(['begin', label, of]),
    reach: (done: number) => shown.push(done),
    end: () => {},
  };
  const before = {
    jobs: 9000,
    allocations: 9000,
    completedJobsWithUnreleasedResources: 1500,
    staleReservations: 7,
    stuckJobs: 3,
    oldJobs: 4000,
  };
  const onBatch = passProgress(progress, before);
  const found = (itemsFound: number) => ({ itemsFound }) as PassCounts;
  onBatch('completed_job_cleanup', found(1000));
  onBatch('completed_job_cleanup', found(1500));
  onBatch('stuck_job_cleanup', found(3));
  expect(shown).toEqual([['begin', 'completed_job_cleanup', 1500], 1000, 1500, ['begin', 'stuck_job_cleanup', 3], 3]);
});
