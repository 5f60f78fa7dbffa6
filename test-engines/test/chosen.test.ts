import { expect, it } from 'vitest';
import { asksForWholeSuite, chosenEngines, ENGINE_NAMES, withoutEngines } from '../src/index.js';

it('ENGINES narrows the run', () => {
  expect(chosenEngines('mariadb, postgres')).toEqual(['mariadb', 'postgres']);
  // TiDB is opt-in: a run goes without where nobody built or named one.
  expect(chosenEngines('')).toEqual(ENGINE_NAMES.filter((name) => name !== 'tidb' || withoutEngines().length === 0));
});

it('ENGINES with an unknown name is answered with those that there are', () => {
  expect(() => chosenEngines('postgres,oracle')).toThrow(/"oracle".*postgres, mysql, mariadb/);
});

it('SUITE asks for the whole suite, or is nothing', () => {
  expect(asksForWholeSuite('whole')).toBe(true);
  expect(asksForWholeSuite('')).toBe(false);
  expect(() => asksForWholeSuite('hole')).toThrow('SUITE is "hole": say SUITE=whole, or leave it out');
});
