import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Expectation, Step } from '../src/case.js';
import { readCases } from '../src/cases.js';

test('docs/field.md has each case, where it was met, and what it waits for', async () => {
  const page = readFileSync(new URL('../../docs/field.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| [`'));
  const told = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  const cases = (await readCases()).map(({ name, told: { title, source, steps } }) => {
    const waitsFor = steps
      .flatMap(expectationsOf)
      .flatMap((expected) => expected.waitsFor ?? [])
      .join(', ');
    return ['', `[\`${name}\`](../field/cases/${name})`, `[${title}](${source})`, waitsFor, ''];
  });
  expect(told).toEqual(cases);
});

function expectationsOf(step: Step): readonly Expectation[] {
  if ('jobsweep' in step) return step.says ?? [];
  return 'sql' in step ? [] : [step];
}
