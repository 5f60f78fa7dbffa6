import createKnex, { type Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import { type KnexStoreOptions, knexStore } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';

const cluster = useCluster();
const invalid = (field: string) => ({ code: 'INVALID_OPTION', message: expect.stringContaining(field) });

describe('an age that is no age', () => {
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined, 'ten', 1e12])('is refused: %s', async (given) => {
    const { repository, transaction } = cluster.store();
    const age = given as number;
    await transaction(async (trx) => {
      await expect(repository.countStaleReservations(trx, age)).rejects.toMatchObject(invalid('maxAgeMinutes'));
      await expect(repository.getStaleReservations(trx, age)).rejects.toMatchObject(invalid('maxAgeMinutes'));
      await expect(repository.getStuckJobs(trx, age)).rejects.toMatchObject(invalid('maxAgeHours'));
      await expect(repository.getOldJobs(trx, age)).rejects.toMatchObject(invalid('maxAgeDays'));
    });
  });
});

describe('a number of rows that is none', () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 'all'])('is refused: %s', async (given) => {
    const { repository, transaction } = cluster.store();
    const limit = given as number;
    const atMost = limit;
    await transaction(async (trx) => {
      await expect(repository.getStuckJobs(trx, 48, { limit })).rejects.toMatchObject(invalid('limit'));
      await expect(repository.getOldJobs(trx, 30, { limit })).rejects.toMatchObject(invalid('limit'));
      await expect(repository.getStaleReservations(trx, 10, { limit })).rejects.toMatchObject(invalid('limit'));
      const unreleased = repository.getCompletedJobsWithUnreleasedResources(trx, { limit });
      await expect(unreleased).rejects.toMatchObject(invalid('limit'));
      await expect(repository.countStaleReservations(trx, 10, { atMost })).rejects.toMatchObject(invalid('atMost'));
      const count = repository.countCompletedJobsWithUnreleasedResources(trx, { atMost });
      await expect(count).rejects.toMatchObject(invalid('atMost'));
    });
  });
});

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
    expect(knexStore(knex).capabilities.strategies).toHaveLength(4);
  });
});
