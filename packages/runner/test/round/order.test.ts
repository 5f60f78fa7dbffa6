import { describe, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { aStrategy, fakeStore } from '../support/fakes.js';

const { store } = fakeStore();

describe('The order of a round', () => {
  const orderOf = (...strategies: ReturnType<typeof aStrategy>[]) =>
    createRunner({ store, strategies }).strategies.map(({ name }) => name);

  test('is by priority, 1 first', () => {
    expect(orderOf(aStrategy('c', { priority: 3 }), aStrategy('a', { priority: 10 }), aStrategy('b'))).toEqual([
      ...['b', 'c', 'a'],
    ]);
  });

  test('is by name where the priority is the same, whatever the order they are given in', () => {
    expect(orderOf(aStrategy('b'), aStrategy('a'), aStrategy('c'))).toEqual(['a', 'b', 'c']);
    expect(orderOf(aStrategy('c'), aStrategy('b'), aStrategy('a'))).toEqual(['a', 'b', 'c']);
  });

  test('puts what a strategy depends on before it, whatever the priorities', () => {
    const first = aStrategy('first', { priority: 9 });
    const second = aStrategy('second', { priority: 5, dependsOn: ['first'] });
    const third = aStrategy('third', { priority: 1, dependsOn: ['second'] });
    expect(orderOf(third, second, first)).toEqual(['first', 'second', 'third']);
  });

  test('lets others go first while a strategy waits for what it depends on', () => {
    const dependent = aStrategy('dependent', { priority: 1, dependsOn: ['late'] });
    expect(orderOf(dependent, aStrategy('late', { priority: 4 }), aStrategy('other', { priority: 3 }))).toEqual([
      ...['other', 'late', 'dependent'],
    ]);
  });

  test('returns to a strategy of a high priority as soon as it may go', () => {
    const urgent = aStrategy('urgent', { priority: 1, dependsOn: ['base'] });
    expect(orderOf(aStrategy('later', { priority: 3 }), urgent, aStrategy('base', { priority: 2 }))).toEqual([
      ...['base', 'urgent', 'later'],
    ]);
  });

  test('is the order that the passes really run in', async () => {
    const turns: string[] = [];
    const turn = (name: string) => () => void turns.push(name);
    const runner = createRunner({
      store,
      strategies: [
        aStrategy('a', { dependsOn: ['z'], onTurn: turn('a') }),
        aStrategy('z', { priority: 7, onTurn: turn('z') }),
        aStrategy('m', { priority: 2, onTurn: turn('m') }),
      ],
    });
    const report = await runner.runOnce();
    expect(turns).toEqual(['m', 'z', 'a']);
    expect(report.strategies.map(({ name }) => name)).toEqual(turns);
  });
});
