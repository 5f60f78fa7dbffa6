import { expect, test } from 'vitest';
import { blocksOf } from './support/markdown.js';
import { readPage } from './support/pages.js';

test('the advised indexes are those of docs/indexes/postgres.sql, which the adapter is tested with', () => {
  const shown = blocksOf(readPage('docs/repo-knex.md')).map(({ text }) => text);
  expect(shown).toContain(readPage('docs/indexes/postgres.sql').trim());
});
