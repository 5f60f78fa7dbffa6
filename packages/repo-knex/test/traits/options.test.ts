import { USUAL_STRATEGY_NAMES } from '@jobsweep/core';
import createKnex, { type Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import { type KnexStoreOptions, knexStore } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';

const cluster = useCluster();
const invalid = (field: string) => ({ code: 'INVALID_OPTION', message: expect.stringContaining(field) });

describe('a bound of transactions that bounds nothing', () => {
  const bounds: (keyof KnexStoreOptions)[] = ['statementTimeoutSeconds', 'lockTimeoutSeconds', 'idleTimeoutSeconds'];

  test.each(bounds)('is refused when the store is made: %s', (field) => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 86_401]) {
      expect(() => cluster.store({ [field]: value })).toThrow(expect.objectContaining(invalid(field)));
    }
  });

  test.each([0, -1, 1.5, 101, Number.NaN])('is refused when the store is made: %s attempts', (maxAttempts) => {
    expect(() => cluster.store({ maxAttempts })).toThrow(expect.objectContaining(invalid('maxAttempts')));
  });

  test.each([0, -1, Number.NaN])('is refused when the transaction begins: %s seconds', async (timeoutSeconds) => {
    const { transaction } = cluster.store();
    const work = transaction(() => Promise.resolve(), { timeoutSeconds });
    await expect(work).rejects.toMatchObject(invalid('timeoutSeconds'));
  });
});

test('a server counts as lost five seconds after a statement may have taken its time', () => {
  expect(cluster.store({ statementTimeoutSeconds: 7 }).deadlineSeconds).toBe(12);
  expect(cluster.store().deadlineSeconds).toBe(35);
});

describe('a knex instance', () => {
  test.each(['mysql', 'better-sqlite3', 'cockroachdb', 'pgnative'])('of another client is refused: %s', (client) => {
    const dialect = client === 'pgnative' ? 'postgresql' : client;
    const named = { client: { dialect, driverName: client } } as unknown as Knex;
    expect(() => knexStore(named)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(`${client}.*client: 'pg'`) }),
    );
  });

  test('is asked nothing before it is used', () => {
    const knex = createKnex({ client: 'pg', connection: 'postgres://nobody@127.0.0.1:1/nowhere' });
    expect(knexStore(knex).capabilities.strategies).toEqual(USUAL_STRATEGY_NAMES);
  });
});
