import { describe, expect, it } from 'vitest';
import { checkPassOptions, planPass } from '../../src/index.js';
import { errorWith, passOver, someJobs } from '../support.js';

const fixes = {
  batchRows: 'give a whole number from 1 to 5000',
  maxRows: 'give a whole number from 1 on',
  timeoutSeconds: 'give a number above 0 and at most 1000000',
  pauseFraction: 'give a number from 0 to 100',
};

describe('a pass is refused', () => {
  it.each([
    ['batchRows', 0],
    ['batchRows', -1],
    ['batchRows', 1.5],
    ['batchRows', 5001],
    ['batchRows', Number.NaN],
    ['maxRows', 0],
    ['maxRows', -3],
    ['maxRows', 2.5],
    ['maxRows', Number.NaN],
    ['timeoutSeconds', 0],
    ['timeoutSeconds', -1],
    ['timeoutSeconds', Number.NaN],
    ['timeoutSeconds', Number.POSITIVE_INFINITY],
    ['timeoutSeconds', 1_000_001],
    ['pauseFraction', -0.1],
    ['pauseFraction', 101],
    ['pauseFraction', Number.NaN],
  ] as const)('with %s %d, before anything is done', async (field, value) => {
    const { run, store } = passOver(someJobs(1));
    const message = `${field} is ${value}: ${fixes[field]}.`;
    await expect(run({ [field]: value })).rejects.toThrow(errorWith('INVALID_OPTION', message));
    expect(store.options).toEqual([]);
  });
});

describe('options can be checked before there is a pass', () => {
  it('and are refused alike', () => {
    expect(() => checkPassOptions({ batchRows: 0 })).toThrow(
      errorWith('INVALID_OPTION', 'batchRows is 0: give a whole number from 1 to 5000.'),
    );
    expect(() => checkPassOptions({})).not.toThrow();
  });
});

describe('a pass is run', () => {
  it.each([
    ['batchRows', 1],
    ['batchRows', 5000],
    ['maxRows', 1],
    ['maxRows', Number.POSITIVE_INFINITY],
    ['timeoutSeconds', 0.001],
    ['timeoutSeconds', 1_000_000],
    ['pauseFraction', 0],
    ['pauseFraction', 100],
  ] as const)('with %s %d', async (field, value) => {
    const { run } = passOver(someJobs(1));
    expect(await run({ [field]: value })).toMatchObject({ status: 'done', itemsCleaned: 1 });
  });
});

describe('a plan is refused', () => {
  it.each([
    ['atMost', 0, 'give a whole number from 1 on'],
    ['atMost', 1.5, 'give a whole number from 1 on'],
    ['atMost', Number.NaN, 'give a whole number from 1 on'],
    ['atMost', Number.POSITIVE_INFINITY, 'give a whole number from 1 on'],
    ['samples', -1, 'give a whole number from 0 on'],
    ['samples', 0.5, 'give a whole number from 0 on'],
    ['samples', Number.NaN, 'give a whole number from 0 on'],
  ])('with %s %d, before anything is done', async (field, value, fix) => {
    const { store, strategy } = passOver(someJobs(1));
    const plan = planPass(store, strategy, { [field]: value });
    await expect(plan).rejects.toThrow(errorWith('INVALID_OPTION', `${field} is ${value}: ${fix}.`));
    expect(store.options).toEqual([]);
  });
});
