import { expect, test } from 'vitest';
import { blocksOf } from './support/markdown.js';
import { pages, readPage } from './support/pages.js';

/** Each of these is checked by a test of this folder. */
const CHECKED = ['ts', 'sql', 'sh', 'json', 'text'];

test.for(pages)('%s has no block in a language that nothing checks', (page) => {
  expect(blocksOf(readPage(page)).filter(({ language }) => !CHECKED.includes(language))).toEqual([]);
});
