import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { takeSnapshot } from '../../src/check/snapshot.js';
import { checkUntouched } from '../../src/check/untouched.js';
import { databaseTime } from '../../src/cluster/connection.js';
import { damageCluster, type Survivors } from '../../src/damage/apply.js';
import { defaultDamage } from '../../src/damage/options.js';
import type { SurvivorKind } from '../../src/damage/plan.js';
import { clusterDatabase } from '../support/cluster.js';
import { temporaryFolder } from '../support/files.js';
import { sampleLog } from '../support/logs.js';

const folder = temporaryFolder();
const cluster = clusterDatabase('untouched');
const SIX_HOURS = 21_600;

const LOGGED = 240;
const SIBLINGS = 4;
const ADDED = defaultDamage.reservations + defaultDamage.longJobs + defaultDamage.healthyJobs + SIBLINGS;
const JOBS = LOGGED + ADDED;
const ALLOCATIONS = JOBS + SIBLINGS;

let startedAt: string;
let survivors: Survivors;

// A cluster of sixty days. Each test changes it in a transaction that is rolled back.
beforeAll(async () => {
  await cluster.import(await folder.write('log.swf', sampleLog(LOGGED, SIX_HOURS)));
  survivors = await damageCluster(cluster.client, { ...defaultDamage, leakedPercent: 10, siblingJobs: SIBLINGS });
  await takeSnapshot(cluster.client);
  startedAt = await databaseTime(cluster.client);
});
beforeEach(() => cluster.client.query('BEGIN'));
afterEach(() => cluster.client.query('ROLLBACK'));

async function check(purge = false) {
  return checkUntouched(cluster.client, { startedAt, endedAt: await databaseTime(cluster.client), purge });
}

/** A pass as the rules have it, written by hand. */
async function repair() {
  await cluster.client.query(`
    UPDATE resource_allocations AS a SET status = 'RELEASED', released_time = clock_timestamp() FROM jobs AS j
    WHERE j.id = a.job_id AND j.state IN ('COMPLETED', 'FAILED', 'CANCELLED') AND a.status <> 'RELEASED';
    CREATE TEMPORARY TABLE timed_out ON COMMIT DROP AS SELECT job_id FROM resource_allocations AS a JOIN jobs AS j ON j.id = a.job_id
    WHERE j.state = 'RUNNING' GROUP BY job_id
    HAVING bool_and(a.status = 'RESERVED' AND a.allocation_time < now() - interval '10 minutes');
    CREATE TEMPORARY TABLE endless ON COMMIT DROP AS SELECT id AS job_id FROM jobs
    WHERE state = 'RUNNING' AND start_time < now() - interval '48 hours';
    UPDATE jobs SET state = 'FAILED', end_time = clock_timestamp(), error_msg = 'timed out', exit_code = '-3:0'
    WHERE id IN (TABLE timed_out);
    UPDATE jobs SET state = 'FAILED', end_time = clock_timestamp(), error_msg = 'endless', exit_code = '-2:0'
    WHERE id IN (TABLE endless);
    UPDATE resource_allocations SET status = 'RELEASED', released_time = clock_timestamp()
    WHERE job_id IN (TABLE timed_out UNION TABLE endless)`);
}

const OLD = `state IN ('COMPLETED', 'FAILED', 'CANCELLED') AND end_time < now() - interval '720 hours'`;
const purge = (which: string) =>
  cluster.client.query(`DELETE FROM resource_allocations WHERE job_id IN (SELECT id FROM jobs WHERE ${which});
    DELETE FROM jobs WHERE ${which}`);

describe('allowed is', () => {
  test('a pass that does nothing', async () => {
    expect(await check()).toMatchObject({ untouched: true, violations: 0, compared: JOBS + ALLOCATIONS });
  });

  test('a pass that repairs what is due', async () => {
    await repair();
    expect(await check()).toMatchObject({ untouched: true, first: [] });
  });

  test('a purge of old jobs, where one was asked for', async () => {
    await repair();
    await purge(OLD);
    expect(await check(true)).toMatchObject({ untouched: true, first: [] });
    expect(await check(false)).toMatchObject({ untouched: false });
  });
});

describe('after a pass that repairs what is due, it is seen when', () => {
  beforeEach(repair);

  const FINISHED = `(SELECT min(id) FROM before_pass.jobs WHERE state = 'COMPLETED' AND end_time > now() - interval '20 days')`;
  const LEAKED = `(SELECT min(a.id) FROM before_pass.resource_allocations a JOIN before_pass.jobs j ON j.id = a.job_id
    WHERE j.state = 'COMPLETED' AND a.status = 'ALLOCATED')`;
  const STUCK = `(SELECT min(id) FROM jobs WHERE exit_code = '-2:0')`;
  const STALE = `(SELECT min(id) FROM jobs WHERE exit_code = '-3:0')`;

  test.each([
    ['one character is longer', `UPDATE jobs SET name = name || ' ' WHERE id = ${FINISHED}`],
    ['a time moved by a microsecond', `UPDATE jobs SET end_time = end_time + interval '1 us' WHERE id = ${FINISHED}`],
    ['a NULL became an empty text', `UPDATE jobs SET error_msg = '' WHERE id = ${FINISHED}`],
    ['a value became NULL', `UPDATE jobs SET queue = NULL WHERE id = ${FINISHED}`],
    ['a repaired job lost another column', `UPDATE jobs SET processors = 99 WHERE id = ${STUCK}`],
    ['a repaired job started later', `UPDATE jobs SET start_time = now() WHERE id = ${STUCK}`],
    ['a repaired job ended at another time', `UPDATE jobs SET end_time = now() - interval '1 day' WHERE id = ${STUCK}`],
    ['a repaired job has no message', `UPDATE jobs SET error_msg = NULL WHERE id = ${STUCK}`],
    ["a stuck job has the stale one's exit code", `UPDATE jobs SET exit_code = '-3:0' WHERE id = ${STUCK}`],
    ["a stale job has the stuck one's exit code", `UPDATE jobs SET exit_code = '-2:0' WHERE id = ${STALE}`],
  ])('%s', async (_, mistake) => {
    await cluster.client.query(mistake);
    expect(await check()).toMatchObject({
      untouched: false,
      violations: 1,
      first: [{ table: 'jobs', what: 'changed' }],
    });
  });

  test.each([
    ['a released allocation moved to another node', `UPDATE resource_allocations SET node = 'x' WHERE id = ${LEAKED}`],
    ['it was released at no time', `UPDATE resource_allocations SET released_time = NULL WHERE id = ${LEAKED}`],
    ['it got an unknown status', `UPDATE resource_allocations SET status = 'GONE' WHERE id = ${LEAKED}`],
    [
      'a released one was released again',
      `UPDATE resource_allocations SET released_time = clock_timestamp() WHERE job_id = ${FINISHED}`,
    ],
  ])('%s', async (_, mistake) => {
    await cluster.client.query(mistake);
    const first = [{ table: 'resource_allocations', what: 'changed' }];
    expect(await check()).toMatchObject({ untouched: false, violations: 1, first });
  });

  test.each<[SurvivorKind]>([['healthy'], ['fresh'], ['sibling'], ['requeued']])(
    'a job that must survive was failed (%s)',
    async (kind) => {
      await cluster.client.query(
        `UPDATE jobs SET state = 'FAILED', end_time = clock_timestamp(), error_msg = 'x', exit_code = '-3:0' WHERE id = $1`,
        [survivors[kind][0]],
      );
      const first = [{ table: 'jobs', id: survivors[kind][0], what: 'changed' }];
      expect(await check()).toMatchObject({ untouched: false, violations: 1, first });
    },
  );

  test.each<[SurvivorKind]>([['healthy'], ['fresh'], ['sibling'], ['requeued']])(
    'an allocation that must survive was released (%s)',
    async (kind) => {
      const sql = `UPDATE resource_allocations SET status = 'RELEASED', released_time = clock_timestamp()
        WHERE id = (SELECT min(id) FROM resource_allocations WHERE job_id = $1)`;
      await cluster.client.query(sql, [survivors[kind][0]]);
      expect(await check()).toMatchObject({ untouched: false, violations: 1 });
    },
  );

  test('a job that timed out runs on without its reservation', async () => {
    await cluster.client.query(`UPDATE jobs SET state = was.state, end_time = was.end_time, error_msg = was.error_msg,
      exit_code = was.exit_code FROM before_pass.jobs AS was WHERE was.id = jobs.id AND jobs.id = ${STALE}`);
    const first = [{ table: 'resource_allocations', what: 'changed' }];
    expect(await check()).toMatchObject({ untouched: false, violations: 1, first });
  });

  test('a row is missing', async () => {
    await cluster.client.query(`DELETE FROM resource_allocations WHERE job_id = ${FINISHED}`);
    const first = [{ table: 'resource_allocations', what: 'missing' }];
    expect(await check(true)).toMatchObject({ untouched: false, violations: 1, first });
  });

  test('a purge took the allocation of an old job and left the job', async () => {
    await cluster.client.query(
      `DELETE FROM resource_allocations WHERE job_id = (SELECT min(id) FROM jobs WHERE ${OLD})`,
    );
    expect(await check(true)).toMatchObject({ untouched: false, violations: 1 });
  });

  test('a purge took a young job', async () => {
    await purge(`id = ${FINISHED}`);
    const result = await check(true);
    expect(result).toMatchObject({ untouched: false, violations: 2 });
    expect(result.first.map(({ table, what }) => [table, what])).toEqual([
      ['jobs', 'missing'],
      ['resource_allocations', 'missing'],
    ]);
  });

  test('a row is new', async () => {
    await cluster.client.query(`INSERT INTO jobs (id, state) VALUES (9999, 'COMPLETED');
      INSERT INTO resource_allocations (id, job_id, status) VALUES (9999, 9999, 'RELEASED')`);
    expect(await check()).toEqual({
      untouched: false,
      compared: JOBS + ALLOCATIONS,
      violations: 2,
      first: [
        { table: 'jobs', id: '9999', what: 'new' },
        { table: 'resource_allocations', id: '9999', what: 'new' },
      ],
    });
  });

  test('many rows are wrong: all are counted, the first are named', async () => {
    await cluster.client.query('UPDATE jobs SET queue = 77');
    const { violations, first } = await check();
    expect(violations).toBe(JOBS);
    expect(first).toHaveLength(3);
  });
});
