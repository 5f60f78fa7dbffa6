import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCases } from '../src/cases.js';

test('docs/field.md has each case, and where it was met', async () => {
  const page = readFileSync(new URL('../../docs/field.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| [`'));
  const told = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  const cases = (await readCases()).map(({ name, told: { title, source } }) => {
    return ['', `[\`${name}\`](../field/cases/${name})`, `[${title}](${source})`, ''];
  });
  expect(told).toEqual(cases);
});
