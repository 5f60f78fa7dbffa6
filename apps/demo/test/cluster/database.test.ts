import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../src/cluster/connection.js';
import { type ClusterDatabase, FIRST, holdingsOf } from '../../src/cluster/database.js';
import type { Holding } from '../../src/cluster/rows.js';
import { databasesOfRun } from '../support/databases.js';
import { allocation, at, holding, job } from '../support/rows.js';
import { runStatements } from '../support/statements.js';

const FULL = job(1, {
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
const EMPTY = job(9e15);
const HELD = [
  allocation(9e15 + 1, 1, { status: 'ALLOCATED', allocationTime: at('2024-03-10T07:00:00.5Z'), node: 'node-001' }),
  allocation(9e15 + 2, 1, { releasedTime: at('2024-03-10T07:00:00.999999Z') }),
];

describe.each(databasesOfRun())('the tables on %s', (engine) => {
  const target = freshDatabase('demo', engine);
  let connection: Connection;
  let database: ClusterDatabase;

  beforeAll(async () => {
    connection = connect(engine, target.url);
    database = await connection.open();
    await database.createTables();
    await database.createIndexes();
  });
  beforeEach(async () => {
    await run('DELETE FROM resource_allocations', 'DELETE FROM jobs');
    await database.insert({ jobs: [FULL, EMPTY], allocations: HELD });
  });
  afterAll(() => connection.close());

  const run = (...statements: readonly string[]) => runStatements(engine, target.url, statements);
  const all = async () => {
    const found: Holding[] = [];
    for await (const page of holdingsOf(database)) found.push(...page);
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

  test('are read page by page, allocations with their job', async () => {
    await database.insert({ jobs: [job(2), job(3)], allocations: [allocation(5, 3), allocation(4, 2)] });
    expect(await database.page(FIRST, 2)).toEqual([holding(FULL, ...HELD), holding(job(2), allocation(4, 2))]);
    expect(await database.page(2, 2)).toEqual([holding(job(3), allocation(5, 3)), holding(EMPTY)]);
    expect(await database.page(9e15, 2)).toEqual([]);
  });

  test.each([
    ['a character more', "UPDATE jobs SET name = concat(name, ' ') WHERE id = 1"],
    ['another case', "UPDATE jobs SET state = 'failed' WHERE id = 1"],
    ['a microsecond', "UPDATE jobs SET end_time = end_time + interval '1' microsecond WHERE id = 1"],
    ['an empty text for a NULL', "UPDATE jobs SET error_msg = '' WHERE id = 9000000000000000"],
    ['a NULL for a zero', 'UPDATE jobs SET user_id = NULL WHERE id = 1'],
    ['a zero for a NULL', 'UPDATE jobs SET queue = 0 WHERE id = 9000000000000000'],
    ['another job', 'UPDATE resource_allocations SET job_id = 9000000000000000'],
    ['a row less', 'DELETE FROM resource_allocations WHERE id = 9000000000000001'],
    ['a row more', "INSERT INTO jobs (id, state) VALUES (-5, 'FAILED')"],
  ])('show %s', async (_, statement) => {
    const before = await all();
    await run(engine === 'postgres' ? statement.replace("interval '1' microsecond", "interval '1 us'") : statement);
    expect(await all()).not.toEqual(before);
  });

  test('have the clock of the server', async () => {
    const now = await database.now();
    expect(Math.abs(now / 1000 - Date.now())).toBeLessThan(60_000);
    expect(await database.now()).toBeGreaterThan(now);
  });
});
