import { expect, it } from 'vitest';
import { chosenEngines, ENGINE_NAMES } from '../src/index.js';

it('ENGINES narrows the run', () => {
  expect(chosenEngines('mariadb, postgres')).toEqual(['mariadb', 'postgres']);
  expect(chosenEngines('')).toEqual(ENGINE_NAMES);
});

it('ENGINES with an unknown name is answered with those that there are', () => {
  expect(() => chosenEngines('postgres,oracle')).toThrow(/"oracle".*postgres, mysql, mariadb/);
});
