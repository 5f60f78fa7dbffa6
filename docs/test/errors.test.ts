import { ERROR_CODES } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { headingsOf } from './support/markdown.js';
import { readPage } from './support/pages.js';

test('docs/errors.md has a heading for every error code, in their order', () => {
  const headings = headingsOf(readPage('docs/errors.md')).filter(({ level }) => level === 2);
  expect(headings.map(({ text }) => text)).toEqual([...ERROR_CODES]);
});
