import type { ErrorCode, Logger } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { createRunner, type RunnerOptions, stopOnSignals } from '../src/index.js';
import { aStrategy, type FakeSession, fakeStore } from './support/fakes.js';

const { store } = fakeStore();

const errorWith = (code: ErrorCode, message: string | RegExp) =>
  expect.objectContaining({
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  }) as Error;

describe('createRunner refuses', () => {
  const create =
    (...strategies: ReturnType<typeof aStrategy>[]) =>
    () =>
      createRunner({ store, strategies });

  test('two strategies of one name, naming it', () => {
    expect(create(aStrategy('a'), aStrategy('b'), aStrategy('a'))).toThrow(
      errorWith('DUPLICATE_STRATEGY', 'Two strategies are named a. Rename one of them.'),
    );
  });

  test('an unknown dependency, naming it, its strategy and the known ones', () => {
    const message = 'a depends on x, which is not among the strategies: a, b. Add it or drop the dependency.';
    expect(create(aStrategy('a', { dependsOn: ['b', 'x'] }), aStrategy('b'))).toThrow(
      errorWith('UNKNOWN_DEPENDENCY', message),
    );
  });

  test('a strategy that depends on itself', () => {
    expect(create(aStrategy('a', { dependsOn: ['a'] }))).toThrow(errorWith('CIRCULAR_DEPENDENCY', /: a -> a\./));
  });

  test('a cycle, naming its path and nothing beside it', () => {
    const cycle = create(
      aStrategy('free'),
      aStrategy('outside', { dependsOn: ['a'] }),
      aStrategy('a', { dependsOn: ['free', 'b'] }),
      aStrategy('b', { dependsOn: ['c'] }),
      aStrategy('c', { dependsOn: ['a'] }),
    );
    expect(cycle).toThrow(errorWith('CIRCULAR_DEPENDENCY', /: (a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c)\./));
  });

  const limits: [string, Partial<RunnerOptions<FakeSession>>][] = [
    ['batchRows', { batchRows: 0 }],
    ['batchRows', { batchRows: 5001 }],
    ['batchRows', { batchRows: 1.5 }],
    ['maxRows', { maxRowsPerPass: 0 }],
    ['pauseFraction', { pauseFraction: -1 }],
  ];
  test.each(limits)('a %s out of its range: %o', (field, options) => {
    const create = () => createRunner({ store, strategies: [aStrategy('a')], ...options });
    expect(create).toThrow(errorWith('INVALID_OPTION', new RegExp(`^${field} is .*: give `)));
  });

  test.each([
    [{ b: 'observe' }, "modes.b is 'observe': name one of the strategies, a"],
    [{ a: 'watch' }, "modes.a is 'watch': use repair, observe"],
  ])('a mode that would not be heard: %o', (modes, message) => {
    const create = () => createRunner({ store, strategies: [aStrategy('a')], modes: modes as never });
    expect(create).toThrow(errorWith('INVALID_OPTION', new RegExp(message)));
  });

  test('a logger that lacks a method, naming it and the way out, whether or not it would be used', () => {
    const { log, error, warn, debug } = console;
    const likeNest = { log, error, warn, debug, verbose: log } as unknown as Logger;
    const message = /^logger\.info is undefined: give .*NestJS.*logger\.log\(message\)/;
    expect(() => createRunner({ store, strategies: [], logger: likeNest })).toThrow(
      errorWith('INVALID_OPTION', message),
    );
    const { log: info, ...noWarn } = { log, error, debug };
    expect(() => stopOnSignals({ stop: async () => {} }, { logger: { ...noWarn, info } as unknown as Logger })).toThrow(
      errorWith('INVALID_OPTION', /^logger\.warn is undefined/),
    );
  });

  test('the same without strategies', () => {
    expect(() => createRunner({ store, strategies: [], batchRows: 0 })).toThrow(
      errorWith('INVALID_OPTION', /batchRows/),
    );
  });
});

describe('createRunner', () => {
  test('runs nothing and asks the database nothing', () => {
    const { store, schema, transactions } = fakeStore();
    createRunner({ store, strategies: [aStrategy('a')] });
    expect(schema).not.toHaveBeenCalled();
    expect(transactions).toEqual([]);
  });

  test('makes the strategies that the tables allow, though they depend on others that need more', () => {
    const capabilities = { ...store.capabilities, strategies: ['stuck_job_cleanup', 'old_job_cleanup'] as const };
    const runner = createRunner({ store: { ...store, capabilities } });
    expect(runner.strategies.map(({ name }) => name)).toEqual(['stuck_job_cleanup', 'old_job_cleanup']);
  });
});
