import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PassCounts } from '@jobsweep/core';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { progressBars } from '../../src/cli/output/progress.js';
import { wrap } from '../../src/cli/output/wrap.js';
import { wordsOf } from '../../src/words/words.js';
import { aFolder } from './support/command.js';
import { inMemory } from './support/configs.js';
import { aTerminal, onTerminal } from './support/terminal.js';

const withOldJobs = (old: number, more = '') =>
  aFolder({
    'jobsweep.config.mjs': inMemory({ old, more: `strategies: { old_job_cleanup: { breaker: false } }, ${more}` }),
  });

describe('On a terminal', () => {
  test.each([
    ['y\r', 0, /old_job_cleanup +done +1500/],
    ['n\r', 1, /^$/],
    ['\r', 1, /^$/],
  ])('run asks before it deletes many jobs, and takes %j for an answer', async (text, status, printed) => {
    const { stdout, stderr, ended, answer } = onTerminal(withOldJobs(1500), ['run', 'old_job_cleanup']);
    await stderr.shows('old_job_cleanup will delete 1500 jobs for good. Go on?');
    answer(text);
    expect(await ended).toBe(status);
    expect(stdout.plain()).toMatch(printed);
    if (status === 1) expect(stderr.plain()).toContain('Nothing was done.');
  });

  test('run asks in Chinese', async () => {
    const { stderr, ended, answer } = onTerminal(withOldJobs(1500, "locale: 'zh-CN'"), ['run', 'old_job_cleanup']);
    await stderr.shows('old_job_cleanup 将永久删除 1500 个作业。继续吗？');
    answer('n\r');
    expect(await ended).toBe(1);
    expect(stderr.plain()).toMatch(/继续吗？ 否\s/);
    expect(stderr.plain()).not.toMatch(/ No\s/);
  });

  test('init asks in Chinese', async () => {
    const { stderr, ended, answer } = onTerminal(aFolder(), ['init', '--locale', 'zh-CN']);
    await stderr.shows('⏎ 选择');
    expect(stderr.plain()).toContain('使用哪种数据库？');
    expect(stderr.plain()).not.toContain('navigate');
    answer('\u0003');
    await ended;
  });

  test('init asks for what flags have not said', async () => {
    const folder = aFolder();
    const { stdout, stderr, ended, answer } = onTerminal(folder, [
      'init',
      '--database',
      'mongodb',
      '--jobs-table',
      'work',
    ]);
    await stderr.shows('Environment variable with its URL:');
    answer('CLUSTER_URL\r');
    await stderr.shows("Table of what they hold ('none' if there is none):");
    answer('none\r');
    expect(await ended).toBe(0);
    expect(stdout.plain()).toContain('It needs: npm install @jobsweep/runner @jobsweep/repo-mongo mongoose');
    const text = readFileSync(join(folder, 'jobsweep.config.ts'), 'utf8');
    expect(text).toContain('{CLUSTER_URL}');
    expect(text).toContain("table: 'work'");
    expect(text).toContain('allocations: null');
  });

  test('init writes nothing when it is interrupted while it asks', async () => {
    const folder = aFolder();
    const { stderr, ended, answer } = onTerminal(folder, ['init']);
    await stderr.shows('Which database?');
    answer('\u0003');
    expect(await ended).toBe(130);
    expect(existsSync(join(folder, 'jobsweep.config.ts'))).toBe(false);
  });

  test('there are colours, and none with NO_COLOR', async () => {
    const csi = '\u001b[';
    const [coloured, plain] = [
      onTerminal(withOldJobs(1), ['plan']),
      onTerminal(withOldJobs(1), ['plan'], { env: { NO_COLOR: '1' } }),
    ];
    await Promise.all([coloured.ended, plain.ended]);
    expect(coloured.stdout.text()).toContain(csi);
    expect(plain.stdout.text()).not.toContain(csi);
    const settled = (text: string) => text.replaceAll(/\d+-[\d:.T-]+Z|[\d.]+ m?s\b/g, '#').replaceAll(/ +/g, ' ');
    expect(settled(coloured.stdout.plain())).toBe(settled(plain.stdout.text()));
  });

  test.each([
    [80, 'en'],
    [50, 'en'],
    [80, 'zh-CN'],
    [50, 'zh-CN'],
  ])('no line is longer than its %i columns, in %s', async (columns, locale) => {
    for (const args of [['plan'], ['list'], ['run'], ['history'], ['doctor']]) {
      const { stdout, ended } = onTerminal(withOldJobs(3, `locale: '${locale}'`), args, { columns });
      await ended;
      const longest = Math.max(
        ...stdout
          .plain()
          .split('\n')
          .map((line) => stringWidth(line)),
      );
      expect(longest, `${args.join(' ')}:\n${stdout.plain()}`).toBeLessThanOrEqual(columns);
    }
  });
});

/** A store on which nothing can be changed, and the server says why at length. */
const FULL = `{ ...store, transaction: () => Promise.reject(Object.assign(
  new Error('could not extend file "base/16384/24601": No space left on device. Make room there, or free connections.', {
    cause: Object.assign(new Error('write of 8192 bytes failed'), { detail: 'The volume that holds the tables is full.', hint: 'Check free disk space.' }) }),
  { name: 'JobsweepError', code: 'SERVER_UNAVAILABLE' })) }`;

describe.each(['run', 'plan'])('Strategies that fail in %s', (command) => {
  test.each([80, 50])('are told of below the table, each in a block of lines that fit %i columns', async (columns) => {
    const config = inMemory({ wrap: FULL, more: 'runner: { claims: "off" }' });
    const { stdout, ended } = onTerminal(
      aFolder({ 'jobsweep.config.mjs': config }),
      [command, 'completed_job_cleanup', 'old_job_cleanup'],
      { columns, env: { NO_COLOR: '1' } },
    );
    expect(await ended).toBe(1);
    const text = stdout.plain();
    const [table = '', ...blocks] = text.split(/\n\n(?=\w+_cleanup SERVER_UNAVAILABLE\n)/);
    expect(table).toContain('SERVER_UNAVAILABLE');
    expect(table).not.toContain('No space left');
    expect(blocks).toHaveLength(2);
    for (const block of blocks) {
      const said = block.replaceAll(/\s+/g, ' ');
      expect(said).toContain('could not extend file "base/16384/24601": No space left on device.');
      for (const words of ['Cause: write of', 'Detail: The volume', 'Hint: Check free']) expect(said).toContain(words);
    }
    expect(Math.max(...text.split('\n').map((line) => stringWidth(line))), text).toBeLessThanOrEqual(columns);
  });
});

test('A strategy that is blocked is told of below the table as well', async () => {
  const config = inMemory({ wrap: FULL, more: 'runner: { claims: "off" }' });
  const { stdout, ended } = onTerminal(aFolder({ 'jobsweep.config.mjs': config }), ['run'], { columns: 80 });
  await ended;
  expect(stdout.plain()).toMatch(/^stuck_job_cleanup +blocked$/m);
  expect(stdout.plain()).toContain('stuck_job_cleanup blocked\n  completed_job_cleanup, which it depends on, failed');
});

test('What is wrong with a config or a call is said in lines that fit the terminal', async () => {
  const folder = aFolder({ 'jobsweep.config.json': { adaptr: '@jobsweep/repo-knex', strategies: { stuck: {} } } });
  for (const args of [['list'], ['plan', '--samples', 'as many as there are of them, and some more on top of that']]) {
    const { stderr, ended } = onTerminal(folder, args, { columns: 60, env: { NO_COLOR: '1' } });
    expect(await ended).toBe(2);
    const lines = stderr.plain().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map((line) => stringWidth(line))), lines.join('\n')).toBeLessThanOrEqual(60);
  }
});

test('a bar shows how far a pass is, its rate, and goes away at the end', () => {
  const { stream, plain } = aTerminal(100);
  const progress = progressBars(stream, () => 4000, wordsOf());
  progress.begin('old_job_cleanup');
  progress.batch('old_job_cleanup', { itemsFound: 1000 } as PassCounts);
  progress.end();
  expect(plain()).toContain('old_job_cleanup ░');
  expect(plain()).toContain('0 / 4000  -/s');
});

test('lines of Chinese break between signs, but not before a stop or within a word', () => {
  expect(wrap('熔断器会阻止它，--override-breaker 可放行。', 22)).toBe(
    '熔断器会阻止它，\n--override-breaker 可\n放行。',
  );
  expect(wrap('一二三四五六七八九十。', 20)).toBe('一二三四五六七八九\n十。');
});

test('lines break between words, and a word that is too long stays whole', () => {
  expect(wrap('one two three four five six', 22, '  ', '- ')).toBe('- one two three four\n  five six');
  expect(wrap('a-word-that-is-longer-than-all', 10)).toBe('a-word-that-is-longer-than-all');
});
