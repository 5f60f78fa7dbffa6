import type { HistoryEntry } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Listed } from '../../src/cli/commands/list.js';
import { sayList } from '../../src/cli/output/list.js';
import { Output } from '../../src/cli/output/output.js';
import { wordsOf } from '../../src/words/words.js';

const NOW = new Date('2026-11-25T02:00:00Z');

function shown(pass: Partial<HistoryEntry>): string {
  const lines: string[] = [];
  const stdout = { isTTY: false, write: (text: string) => lines.push(text) > 0 } as unknown as NodeJS.WriteStream;
  const { stdin, stderr } = process;
  const output = new Output({ stdin, stdout, stderr, env: {}, folder: '.' }, { words: wordsOf() });
  const lastPass = { startedAt: new Date(NOW.getTime() - 3500), status: 'done', stopReason: 'drained', ...pass };
  const schedule = { intervalSeconds: 5, cron: null, timeZone: null };
  const strategy = { name: 'stuck_job_cleanup', isEnabled: true, schedule, nextDueAt: NOW, lastPass, claim: null };
  sayList(output, { now: NOW, isInitialized: true, strategies: [strategy] } as unknown as Listed);
  return lines.join('');
}

describe('The last repair in a list', () => {
  test.each<[string, Partial<HistoryEntry>]>([
    [' 1 row, 3.5 s ago', { itemsCleaned: 1 }],
    [' 1200 rows, 3.5 s ago', { itemsCleaned: 1200 }],
    [' failed, 3.5 s ago', { itemsCleaned: 0, status: 'failed', stopReason: 'failed' }],
    [' failed after 1 row, 3.5 s ago', { itemsCleaned: 1, status: 'failed', stopReason: 'failed' }],
    [' breaker tripped, 3.5 s ago', { itemsCleaned: 0, stopReason: 'tripped' }],
  ])('is told as%s', (text, pass) => {
    expect(shown(pass)).toContain(text);
  });
});
