import { expect, test } from 'vitest';
import { blocksOf } from './support/markdown.js';
import { pages, readPage } from './support/pages.js';

/** Something of the file is left out here. */
const LEFT_OUT = /^ *\/\/ \.\.\.\n/m;

const excerpts = pages.flatMap((page) =>
  blocksOf(readPage(page)).flatMap(({ file, text, line }) => (file === undefined ? [] : [{ page, file, text, line }])),
);

test.for(excerpts)('$page:$line shows $file as it is', ({ file, text }) => {
  let rest = readPage(file);
  for (const part of `${text}\n`.split(LEFT_OUT)) {
    expect(rest).toContain(part);
    rest = rest.slice(rest.indexOf(part) + part.length);
  }
});
