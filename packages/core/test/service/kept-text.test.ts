import { describe, expect, it } from 'vitest';
import { keptText } from '../../src/service/kept-text.js';

describe('a text that the history keeps', () => {
  it('has no password, also one with signs that a URL would not have', () => {
    const text = 'connect mongodb://root:hun/ter@2@db/x and host=db password=hunter2';
    expect(keptText(text, 200)).toBe('connect mongodb://root:***@db/x and host=db password=***');
  });

  it('is cut where it is too long, and never within a character', () => {
    expect(keptText('abcdef', 6)).toBe('abcdef');
    expect(keptText('abcdefg', 6)).toBe('abcde…');
    expect(keptText('abcd😀fg', 6)).toBe('abcd…');
  });

  it('is cut after its passwords are gone, so that no cut leaves half of one', () => {
    expect(keptText('postgres://root:hunter2@db', 20)).toBe('postgres://root:***…');
  });

  it('has no sign that a column refuses', () => {
    expect(keptText('a\0b\uD83Dc', 10)).toBe('a\uFFFDb\uFFFDc');
  });
});
