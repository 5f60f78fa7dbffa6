import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeVariants } from '../src/index.js';
import { variants } from '../src/variants/index.js';
import { memorySubject } from './support/memory-subject.js';

const WHERE: Readonly<Record<string, string>> = {
  locksAtCommit: 'locks at the commit',
  milliseconds: 'milliseconds',
  noCreatedTime: 'no `createdTime`',
  noArchive: 'no archive',
};

describeVariants(memorySubject('core/memory'));

/** The rows of the table of README.md that has so many columns. */
async function rowsOf(columns: number): Promise<string[][]> {
  const readme = await readFile(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
  const lines = readme.split('\n').filter((line) => line.startsWith('|'));
  const rows = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.filter(({ length }) => length === columns).slice(2);
}

test('README.md lists the faults and the tests that find them', async () => {
  expect(await rowsOf(2)).toEqual(variants.map(({ fault, failsIn }) => [fault, failsIn]));
});

test('README.md lists where another test finds a fault, or none does', async () => {
  const there = variants.flatMap(({ fault, failsThereIn = {}, hiddenWhere = {} }) => [
    ...Object.entries(failsThereIn).map(([where, failsIn]) => [fault, where, `found by: ${failsIn}`]),
    ...Object.entries(hiddenWhere).map(([where, why]) => [fault, where, why]),
  ]);
  expect(await rowsOf(3)).toEqual(
    there.map(([fault = '', where = '', what = '']) => [fault, WHERE[where] ?? '', what]),
  );
});
