import { describe, expect, test } from 'vitest';
import { type Outcome, remarkOn, verdictOnAll } from '../src/verdict.js';

const holds = { right: 'the slot is free' };
const fails: Outcome = { ...holds, problem: 'it is taken' };
const waits: Outcome = { ...fails, waitsFor: 'requeue' };
const ahead: Outcome = { ...holds, waitsFor: 'requeue' };

describe('a case', () => {
  test.each<[string, readonly Outcome[]]>([
    ['right', [holds, holds]],
    ['not yet', [holds, waits]],
    ['ahead', [waits, ahead]],
    ['wrong', [holds, waits, ahead, fails]],
  ])('is %s', (verdict, outcomes) => {
    expect(verdictOnAll(outcomes)).toBe(verdict);
  });
});

test('what there is to say of an outcome is what is wrong, what it waits for, or that it need not wait', () => {
  expect([holds, fails, waits, ahead].map(remarkOn)).toEqual([
    undefined,
    'the slot is free: it is taken',
    'the slot is free: waits for requeue',
    'the slot is free: holds, so that its mark can go (waits for requeue)',
  ]);
});
