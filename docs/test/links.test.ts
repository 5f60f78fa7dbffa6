import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, linksOf } from './support/markdown.js';
import { pages, readPage, root } from './support/pages.js';

test.for(pages)('%s links only to what is there', (page) => {
  const broken = linksOf(readPage(page)).filter((link) => !/^https:/.test(link) && !leadsSomewhere(page, link));
  expect(broken).toEqual([]);
});

test('every page can be reached from README.md', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const link of linksOf(readPage(page))) {
      const target = targetOf(page, link);
      for (const found of [target, `${target}/README.md`]) if (pages.includes(found)) reached.add(found);
    }
  }
  expect([...reached].sort()).toEqual([...pages].sort());
});

function leadsSomewhere(page: string, link: string): boolean {
  const target = targetOf(page, link);
  if (!existsSync(join(root, target))) return false;
  const [, anchor] = link.split('#');
  return anchor === undefined || anchorsOf(readPage(target)).includes(anchor);
}

function targetOf(page: string, link: string): string {
  const [path = ''] = link.split('#');
  return path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, '');
}
