import { USUAL_STRATEGY_NAMES } from '@jobsweep/core';
import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';
import { typeormStore } from '../src/index.js';

test.each(['sqlite', 'cockroachdb', 'aurora-mysql', 'mssql'])(
  'a data source of another type is refused: %s',
  (type) => {
    const dataSource = { options: { type } } as unknown as DataSource;
    expect(() => typeormStore(dataSource)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(`${type}.*'postgres'`) }),
    );
  },
);

test('a data source is asked nothing before it is used', () => {
  const dataSource = new DataSource({ type: 'mariadb', url: 'mysql://nobody@127.0.0.1:1/nowhere' });
  expect(typeormStore(dataSource).capabilities.strategies).toEqual(USUAL_STRATEGY_NAMES);
});
