import { expect, test } from 'vitest';
import { blocksOf } from './support/markdown.js';
import { pages, readPage } from './support/pages.js';

/** Something of the file is left out here. */
const LEFT_OUT = /^\/\/ \.\.\.\n/m;

/** The formatter moves what a page shows to the left. */
const withoutIndentation = (text: string) => text.replaceAll(/^ +/gm, '');

const excerpts = pages.flatMap((page) =>
  blocksOf(readPage(page)).flatMap(({ file, text, line }) => (file === undefined ? [] : [{ page, file, text, line }])),
);

/** What a page shows of a file that its reader has, and that file as the page has saved it last. */
const parts = pages.flatMap((page) => {
  const blocks = blocksOf(readPage(page));
  return blocks.flatMap(({ partOf, text, line }) => {
    if (partOf === undefined) return [];
    const saved = blocks.findLast((block) => block.savedAs === partOf && block.line < line);
    return [{ page, line, partOf, text, whole: saved?.text ?? '' }];
  });
});

test.for(parts)('$page:$line shows a part of $partOf as it is then', ({ text, whole }) => {
  expect(withoutIndentation(`${whole}\n`)).toContain(withoutIndentation(`${text}\n`));
});

test.for(excerpts)('$page:$line shows $file as it is', ({ file, text }) => {
  let rest = withoutIndentation(readPage(file));
  for (const part of `${withoutIndentation(text)}\n`.split(LEFT_OUT)) {
    expect(rest).toContain(part);
    rest = rest.slice(rest.indexOf(part) + part.length);
  }
});
