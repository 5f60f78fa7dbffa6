import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../src/cluster/connection.js';
import type { ClusterDatabase, Connection } from '../../src/cluster/database.js';
import type { Holding } from '../../src/cluster/rows.js';
import { databasesOfRun } from '../support/databases.js';
import { allocation, at, holding, job } from '../support/rows.js';
import { type Change, make } from '../support/statements.js';

const LARGE = 9e15;

const CLEAR: Change = {
  sql: 'DELETE FROM resource_allocations; DELETE FROM jobs',
  mongo: async (jobs, allocations) => {
    await jobs.deleteMany({});
    await allocations.deleteMany({});
  },
};

const CHANGES: readonly (readonly [what: string, change: Change])[] = [
  [
    'a character more',
    {
      sql: "UPDATE jobs SET name = concat(name, ' ') WHERE id = 1",
      mongo: (jobs) => jobs.updateOne({ _id: 1 }, [{ $set: { name: { $concat: ['$name', ' '] } } }]),
    },
  ],
  [
    'another case',
    {
      sql: "UPDATE jobs SET state = 'failed' WHERE id = 1",
      mongo: (jobs) => jobs.updateOne({ _id: 1 }, { $set: { state: 'failed' } }),
    },
  ],
  [
    'the smallest step of a time',
    {
      sql: "UPDATE jobs SET end_time = end_time + interval '0.000001' second WHERE id = 1",
      mongo: (jobs) => jobs.updateOne({ _id: 1 }, [{ $set: { endTime: { $add: ['$endTime', 1] } } }]),
    },
  ],
  [
    'an empty text for a NULL',
    {
      sql: `UPDATE jobs SET error_msg = '' WHERE id = ${LARGE}`,
      mongo: (jobs) => jobs.updateOne({ _id: LARGE }, { $set: { errorMsg: '' } }),
    },
  ],
  [
    'a NULL for a zero',
    {
      sql: 'UPDATE jobs SET user_id = NULL WHERE id = 1',
      mongo: (jobs) => jobs.updateOne({ _id: 1 }, { $set: { userId: null } }),
    },
  ],
  [
    'a zero for a NULL',
    {
      sql: `UPDATE jobs SET queue = 0 WHERE id = ${LARGE}`,
      mongo: (jobs) => jobs.updateOne({ _id: LARGE }, { $set: { queue: 0 } }),
    },
  ],
  [
    'another job',
    {
      sql: `UPDATE resource_allocations SET job_id = ${LARGE}`,
      mongo: (_, allocations) => allocations.updateMany({}, { $set: { jobId: LARGE } }),
    },
  ],
  [
    'a row less',
    {
      sql: `DELETE FROM resource_allocations WHERE id = ${LARGE + 1}`,
      mongo: (_, allocations) => allocations.deleteOne({ _id: LARGE + 1 }),
    },
  ],
  [
    'a row more',
    {
      sql: "INSERT INTO jobs (id, state) VALUES (-5, 'FAILED')",
      mongo: (jobs) => jobs.insertOne({ _id: -5 }),
    },
  ],
];

const full = job(1, {
  name: 'Größe 大小 ',
  state: 'FAILED',
  submitTime: at('1850-01-01T00:00:00.000001Z'),
  startTime: at('2024-03-31T01:30:00.123456Z'),
  endTime: at('2024-11-03T06:30:00Z'),
  errorMsg: `'"\\`,
  exitCode: '1:0',
  processors: 2 ** 31 - 1,
  userId: 0,
  queue: 7,
});
const EMPTY = job(LARGE);
const held = [
  allocation(LARGE + 1, 1, { status: 'ALLOCATED', allocationTime: at('2024-03-10T07:00:00.5Z'), node: 'node-001' }),
  allocation(LARGE + 2, 1, { releasedTime: at('2024-03-10T07:00:00.999999Z') }),
];

/** The rows as MongoDB can keep them: its dates have no microseconds. */
function inMilliseconds() {
  const cut = (time: number | null) => time && Math.floor(time / 1000) * 1000;
  return {
    full: { ...full, submitTime: cut(full.submitTime), startTime: cut(full.startTime) },
    held: held.map((row) => ({ ...row, releasedTime: cut(row.releasedTime) })),
  };
}

describe.each(databasesOfRun())('the tables on %s', (kind) => {
  const target = freshDatabase('demo', kind);
  const { full: FULL, held: HELD } = kind === 'mongodb' ? inMilliseconds() : { full, held };
  let connection: Connection;
  let database: ClusterDatabase;

  beforeAll(async () => {
    connection = connect(kind, target.url);
    database = await connection.open();
    await database.createTables();
    await database.createIndexes();
  });
  beforeEach(async () => {
    await make(kind, target.url, CLEAR);
    await database.insert({ jobs: [FULL, EMPTY], allocations: HELD });
  });
  afterAll(() => connection.close());

  const all = async (jobsAtOnce = 100) => {
    const found: Holding[] = [];
    for await (const page of database.holdings(jobsAtOnce)) found.push(...page);
    return found;
  };

  test('give every value back as it was', async () => {
    expect(await all()).toEqual([holding(FULL, ...HELD), holding(EMPTY)]);
    expect(await database.find([1])).toEqual([holding(FULL, ...HELD)]);
    expect(await database.find([])).toEqual([]);
  });

  test('take rows over those with their ids', async () => {
    const [first = allocation(1, 1), second = allocation(2, 1)] = HELD;
    const [changed, released] = [job(1, { state: 'PENDING' }), { ...first, status: 'RELEASED', node: null }];
    await database.replace({ jobs: [changed], allocations: [released] });
    await database.replace({ jobs: [], allocations: [] });
    expect(await all()).toEqual([holding(changed, released, second), holding(EMPTY)]);
  });

  test.each([1, 2, 3, 4, 5])('are read page by page, allocations with their job, by %i', async (jobsAtOnce) => {
    await database.insert({ jobs: [job(2), job(3)], allocations: [allocation(5, 3), allocation(4, 2)] });
    const [first, second] = [holding(FULL, ...HELD), holding(job(2), allocation(4, 2))];
    expect(await all(jobsAtOnce)).toEqual([first, second, holding(job(3), allocation(5, 3)), holding(EMPTY)]);
  });

  test.each(CHANGES)('show %s', async (_, change) => {
    const before = await all();
    await make(kind, target.url, change);
    expect(await all()).not.toEqual(before);
  });

  test('have the clock of the server', async () => {
    const now = await database.now();
    expect(Math.abs(now / 1000 - Date.now())).toBeLessThan(60_000);
    expect(await database.now()).toBeGreaterThanOrEqual(now);
  });
});
