import { expect, it } from 'vitest';
import { asksForWholeSuite, chosenEngines, ENGINE_NAMES } from '../src/index.js';

it('ENGINES narrows the run', () => {
  expect(chosenEngines('mariadb, postgres')).toEqual(['mariadb', 'postgres']);
  expect(chosenEngines('')).toEqual(ENGINE_NAMES);
});

it('ENGINES with an unknown name is answered with those that there are', () => {
  expect(() => chosenEngines('postgres,oracle')).toThrow(/"oracle".*postgres, mysql, mariadb/);
});

it('SUITE asks for the whole suite, or is nothing', () => {
  expect(asksForWholeSuite('whole')).toBe(true);
  expect(asksForWholeSuite('')).toBe(false);
  expect(() => asksForWholeSuite('hole')).toThrow('SUITE is "hole": say SUITE=whole, or leave it out');
});
