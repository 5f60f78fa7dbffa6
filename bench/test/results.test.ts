import { expect, test } from 'vitest';
import { check } from '../src/report/check.js';
import { tables } from '../src/report/tables.js';
import { merge } from '../src/results/merge.js';
import type { Result, Results } from '../src/results/result.js';

const machine = { cpu: 'one', cores: 2, memoryGib: 8, system: 'Linux', node: 'v20' };
const result = (workload: string, rounds: Result['rounds'], rows = 100): Result => {
  return { workload, rows, unit: 'µs/row', engine: 'postgres', server: '18.4', rounds };
};
const run = (...results: readonly Result[]): Results => ({ machine, at: '2026-01-01', results });
const rounds = (...values: readonly number[]) => values.map((knex) => ({ 'by hand': 90, knex }));

test('rounds of the same work are put together, in the order of the runs', () => {
  const [one, other] = [rounds(90, 95), rounds(100)];
  const merged = merge([run(result('purge', one), result('idle', one)), run(result('purge', other))]);
  expect(merged.results).toEqual([result('purge', [...one, ...other]), result('idle', one)]);
});

test('runs of other machines are refused', () => {
  const elsewhere = { ...run(), machine: { ...machine, cores: 4 } };
  expect(() => merge([run(), elsewhere])).toThrow('different machines');
});

test('a bound holds when the worse end of the interval reaches it', () => {
  const { lines, below } = check([
    result('purge', rounds(90, 90, 90, 90, 90, 90, 100)),
    result('release', rounds(90, 90, 90, 90, 90, 90, 101)),
    result('idle', rounds(90, 90, 90, 90, 90, 90, 271)),
  ]);
  expect(lines).toEqual([
    'holds  purge of 100 on postgres, knex: 1 (0.9 to 1) of the limit, >= 0.9',
    'BELOW  release of 100 on postgres, knex: 1 (0.891 to 1) of the limit, >= 0.9',
    'BELOW  idle of 100 on postgres, knex: 1 (1 to 3.01) times the bare probes, <= 3',
    '2 below bound',
  ]);
  expect(below).toBe(2);
});

test('sizes are compared with the smallest one, round by round', () => {
  const small = result('drain', rounds(100, 100, 100, 100, 100, 100, 200), 10);
  const large = result('drain', rounds(100, 100, 100, 100, 100, 100, 220), 1000);
  expect(check([small, large]).lines[0]).toBe(
    'holds  drain of 1,000 on postgres, knex: 1 (0.909 to 1) of what it is of the limit at the smallest size, >= 0.9',
  );
});

test('few rounds reach no bound', () => {
  expect(check([result('purge', rounds(10, 10, 10))]).below).toBe(1);
});

test('what nobody did by hand is shown as it was measured, beside what it is compared with', () => {
  const table = tables([result('fail with changes', [{ knex: 60, 'knex without changes': 50 }])]);
  expect(table.split('\n').at(-1)).toBe('| fail with changes | 100 | postgres 18.4 | µs/row | 60 | 50 |');
});
