import { describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { has, useDatabase } from './support/database.js';

const HOUR = 3_600_000;
const iso = (column: string) => ({ column, codec: 'isoText', unset: ['never'] }) as const;
const schema = { jobs: { columns: { startTime: iso('begun'), endTime: iso('ended') } }, allocations: null };

describe.runIf(has('mongodb'))('On MongoDB, times in texts', () => {
  const database = useDatabase('mongodb');
  const at = (horizon: string): MongoStoreOptions => {
    const now = new Date(Date.parse(horizon) + 48 * HOUR);
    return { schema, clock: { now: () => now } };
  };
  const seed = (...texts: readonly unknown[]) =>
    database.jobs.insertMany(texts.map((begun, index) => ({ _id: (index + 1) as never, state: 'RUNNING', begun })));

  test('are compared as times, and written with milliseconds', async () => {
    await seed(
      '2026-02-10T12:00:00.124Z',
      '2026-02-10T12:00:00Z',
      '2026-02-10T12:00:00.125+00:00',
      '2026-02-10 11:00:00',
      'never',
      ['2026-02-10T12:00:00Z'],
      null,
    );
    const { repository, transaction, inspect } = mongoStore(database.connection, at('2026-02-10T12:00:00.125Z'));
    await transaction(async (session) => {
      const stuck = await repository.getStuckJobs(session, 48);
      expect(stuck.map(({ id, startTime }) => [id, startTime?.toISOString()])).toEqual([
        ['1', '2026-02-10T12:00:00.124Z'],
        ['2', '2026-02-10T12:00:00.000Z'],
      ]);
      const [first] = stuck;
      const rest = await repository.getStuckJobs(session, 48, { ...(first && { after: first }) });
      expect(rest.map(({ id }) => id)).toEqual(['2']);
    });
    const totals = await inspect.totals({ name: 'stuck_job_cleanup', maxAgeHours: 48 });
    expect(totals).toMatchObject({ due: 2, population: 7, undated: 4 });
    expect(totals.oldestAgeSeconds).toBeCloseTo(48 * 3600 + 0.001);
    await transaction(async (session) =>
      repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck'),
    );
    expect(await database.jobs.findOne({ _id: 1 as never })).toMatchObject({ ended: '2026-02-12T12:00:00.125Z' });
  });

  test('of other forms are found by a look at the newest documents', async () => {
    await seed('never', '2026-02-10T12:00:00Z', '2026-02-10 11:00:00', 7);
    expect(await mongoStore(database.connection, { schema }).inspect.schema()).toMatchObject([
      { path: 'schema.jobs.columns.startTime', problem: expect.stringMatching(/number|2026-02-10 11/) as string },
    ]);
  });
});
