import { describe, expect, test } from 'vitest';
import { type JobInput, MemoryDatabase } from '../../src/memory/index.js';

const jobWith = async (columns: JobInput) => {
  const database = new MemoryDatabase();
  await database.seed({ jobs: [{ id: '1', ...columns }] });
  return database.rows('jobs')[0];
};

describe('a time', () => {
  test.each([
    [new Date('2026-01-01T00:00:00.123Z'), '2026-01-01T00:00:00.123000Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000Z'],
    ['2026-01-01T00:00:00.123456Z', '2026-01-01T00:00:00.123456Z'],
    [null, null],
  ])('is kept to the microsecond: %s', async (given, kept) => {
    expect(await jobWith({ startTime: given })).toMatchObject({ startTime: kept });
  });

  test.each(['yesterday', '2026-01-01', '2026-01-01T00:00:00', '2026-01-01T00:00:00+01:00', '2026-13-01T00:00:00Z'])(
    'is refused where it is none in UTC: %s',
    async (startTime) => {
      const named = { code: 'INVALID_OPTION', message: expect.stringContaining('jobs.startTime') };
      await expect(jobWith({ startTime })).rejects.toMatchObject(named);
    },
  );

  test('is refused where it is no valid Date', async () => {
    await expect(jobWith({ endTime: new Date('never') })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('a row', () => {
  test('has the columns of the port, and others as they are given', async () => {
    expect(await jobWith({ state: 'RUNNING', tenant: 7, pinned: false, heartbeat: new Date(0) })).toEqual({
      id: '1',
      name: null,
      state: 'RUNNING',
      startTime: null,
      endTime: null,
      errorMsg: null,
      exitCode: null,
      tenant: 7,
      pinned: false,
      heartbeat: '1970-01-01T00:00:00.000000Z',
    });
  });

  test('is refused when its id is taken', async () => {
    const database = new MemoryDatabase();
    const twice = database.seed({ jobs: [{ id: '1' }, { id: '1' }] });
    await expect(twice).rejects.toMatchObject({ code: 'ROW_REJECTED', constraint: 'jobs_id_key' });
    expect(database.rows('jobs')).toEqual([]);
  });

  test('that somebody has read stays as it was read', async () => {
    const database = new MemoryDatabase();
    await database.seed({ jobs: [{ id: '1', state: 'RUNNING' }] });
    const [read] = database.rows('jobs');
    await database.transaction((session) => session.update('jobs', () => true, { state: 'FAILED' }));
    expect(read?.state).toBe('RUNNING');
    expect(Object.isFrozen(read)).toBe(true);
  });

  test('has its place by its id, whole numbers by value and before other texts', async () => {
    const database = new MemoryDatabase();
    const ids = ['b', '10', 'a', '9', '90071992547409930', '2'];
    await database.seed({ jobs: ids.map((id) => ({ id })) });
    expect(database.rows('jobs').map(({ id }) => id)).toEqual(['2', '9', '10', '90071992547409930', 'a', 'b']);
  });
});
