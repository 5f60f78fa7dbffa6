import { describe, expect, test } from 'vitest';
import { MemoryCleanupRepository, MemoryDatabase, memoryStore } from '../../src/memory/index.js';
import { aDatabase, withId } from './support.js';

const invalid = (field: string) => ({ code: 'INVALID_OPTION', message: expect.stringContaining(field) });

describe('the options of a store in memory', () => {
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 86_401])('%s seconds for a lock are refused', (seconds) => {
    const open = () => memoryStore(new MemoryDatabase(), { lockTimeoutSeconds: seconds });
    expect(open).toThrow(expect.objectContaining(invalid('lockTimeoutSeconds')));
  });

  test.each([0, 1.5, 101, Number.NaN])('%s attempts are refused', (maxAttempts) => {
    const open = () => memoryStore(new MemoryDatabase(), { maxAttempts });
    expect(open).toThrow(expect.objectContaining(invalid('maxAttempts')));
  });

  test('a mapping is refused', () => {
    const options = { maxAttempts: 3, schema: { jobs: { table: 'work' } } };
    expect(() => memoryStore(new MemoryDatabase(), options)).toThrow(expect.objectContaining(invalid('schema')));
  });

  test('an age column that holds no instants is refused', () => {
    const filters = { ageColumn: { column: 'beat', codec: 'epochSeconds' } } as const;
    expect(() => memoryStore(new MemoryDatabase(), { filters })).toThrow(
      expect.objectContaining(invalid('filters.ageColumn.codec')),
    );
  });

  test('values of an age column that mean "not set" are before no horizon', async () => {
    const database = new MemoryDatabase();
    const never = '1970-01-01T00:00:00Z';
    await database.seed({
      jobs: [
        { id: '1', state: 'RUNNING', beat: never },
        { id: '2', state: 'RUNNING', beat: '2020-01-01T00:00:00.000001Z' },
      ],
    });
    const filters = { ageColumn: { column: 'beat', unset: [never] } };
    const { repository, transaction } = memoryStore(database, { filters });
    expect(await transaction((session) => repository.getStuckJobs(session, 48))).toMatchObject([{ id: '2' }]);
  });

  test.each([0, -1, Number.NaN])('a transaction of %s seconds is refused', async (timeoutSeconds) => {
    const { transaction } = memoryStore(new MemoryDatabase());
    await expect(transaction(async () => 1, { timeoutSeconds })).rejects.toMatchObject(invalid('timeoutSeconds'));
  });
});

describe('a transaction of the store', () => {
  test('waits for a lock no longer than its own seconds, and is tried as often as it may', async () => {
    const database = await aDatabase();
    const other = database.begin();
    await other.lock('jobs', withId('1'));
    const { transaction } = memoryStore(database, { maxAttempts: 2 });
    let attempts = 0;
    const work = transaction(
      (session) => {
        attempts += 1;
        return session.lock('jobs', withId('1'));
      },
      { timeoutSeconds: 0.01 },
    );
    await expect(work).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
    expect(attempts).toBe(2);
  });
});

test('the repository works in transactions that somebody else began', async () => {
  const database = await aDatabase();
  await database.transaction((session) => session.update('jobs', withId('1'), { state: 'COMPLETED' }));
  const repository = new MemoryCleanupRepository(database);
  const session = database.begin();
  const held = await repository.getCompletedJobsWithUnreleasedResources(session);
  expect(await repository.releaseResourcesForCompletedJobs(session, held)).toBe(1);
  expect(database.rows('allocations')).toMatchObject([{ status: 'RESERVED' }]);
  await session.commit();
  expect(database.rows('allocations')).toMatchObject([{ status: 'RELEASED' }]);
});
