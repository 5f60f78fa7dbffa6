import { expect, test } from 'vitest';
import { blocksOf, headingsOf, linksOf } from './support/markdown.js';
import { readPage } from './support/pages.js';

const english = readPage('README.md');
const chinese = readPage('README.zh-CN.md');

test('README.zh-CN.md has the code blocks of README.md', () => {
  const blocks = (page: string) => blocksOf(page).map(({ language, text }) => ({ language, text }));
  expect(blocks(chinese)).toEqual(blocks(english));
});

test('README.zh-CN.md says that the pages it leads to are English', () => {
  expect(chinese).toContain('只有英文版');
});

test('README.zh-CN.md has the sections and links of README.md', () => {
  const levels = (page: string) => headingsOf(page).map(({ level }) => level);
  const links = (page: string) => linksOf(page).filter((link) => !/^README(\.zh-CN)?\.md$/.test(link));
  expect(levels(chinese)).toEqual(levels(english));
  expect(links(chinese)).toEqual(links(english));
});
