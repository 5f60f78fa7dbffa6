import { describe, expect, it } from 'vitest';
import { runPass, StuckJobCleanupStrategy, safeLogger, visible, visibleJson } from '../src/index.js';
import { FakeStore } from './fakes.js';
import { aJob, mockRepository, pageOf, recordingLogger } from './support.js';

describe('visible', () => {
  it.each([
    ['an escape that clears the screen', 'a\u001b[2Jb', String.raw`a\u{1b}[2Jb`],
    ['a bell', '\u0007', String.raw`\u{7}`],
    ['line ends', 'a\r\nb', String.raw`a\u{d}\u{a}b`],
    ['a tab', 'a\tb', String.raw`a\u{9}b`],
    ['DEL and C1', '\u007f\u009b', String.raw`\u{7f}\u{9b}`],
    ['separators of lines and paragraphs', '\u2028\u2029', String.raw`\u{2028}\u{2029}`],
    [
      'what turns the direction',
      '\u202e\u202a\u2066\u2069\u200e\u200f\u061c',
      String.raw`\u{202e}\u{202a}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}`,
    ],
    ['what nobody sees', 'a\u200bb\u00ad\ufeff\u{e0041}\u3164', String.raw`a\u{200b}b\u{ad}\u{feff}\u{e0041}\u{3164}`],
    ['half a character', 'a\ud83d', String.raw`a\u{d83d}`],
  ])('shows %s', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(visible(shown)).toBe(shown);
  });

  it.each(['train-7', '作业', 'Übergröße', '♻️ ⚠️ 🚀', 'قطار', 'a b'])('leaves %s as it is', (text) => {
    expect(visible(text)).toBe(text);
  });
});

describe('visibleJson', () => {
  it('means the same, with nothing hidden but the ends of its lines', () => {
    const value = { name: 'a\u202e\u009b\u{e0041}\n\ud83d', list: ['作业'] };
    const json = visibleJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(json)).toEqual(value);
    expect(json).toContain(String.raw`a\u202e\u009b\udb40\udc41\n\ud83d`);
    expect(json.split('\n')).toHaveLength(6);
  });
});

describe("a job's name with a line end", () => {
  const hostile = aJob({ name: 'x\n[old_job_cleanup] Deleted all\u001b[2K' });

  it('forges no line in the log of its strategy', () => {
    const logger = recordingLogger();
    new StuckJobCleanupStrategy(mockRepository(), { logger }).announce([hostile]);
    expect(logger.lines).toEqual([
      String.raw`warn [stuck_job_cleanup] Stuck job 1 (x\u{a}[old_job_cleanup] Deleted all\u{1b}[2K)`,
    ]);
  });

  it('forges none in the log of a pass that tells what the database said of it', async () => {
    const logger = recordingLogger();
    const repository = mockRepository();
    repository.getStuckJobs.mockImplementation(async (_session, _hours, page) => pageOf([hostile], page));
    await runPass(new FakeStore([]), new StuckJobCleanupStrategy(repository), {
      logger,
      onRepaired: () => Promise.reject(new Error(hostile.name)),
    });
    expect(logger.lines).toEqual([expect.stringContaining(String.raw`x\u{a}[old`)]);
  });

  it('forges none through a logger of lines', () => {
    const logger = recordingLogger();
    safeLogger(logger).error(`It failed: ${hostile.name}`);
    expect(logger.lines).toEqual([String.raw`error It failed: x\u{a}[old_job_cleanup] Deleted all\u{1b}[2K`]);
  });
});
